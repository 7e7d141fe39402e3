{{- define "triptych.name" -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- end }}

{{- define "triptych.labels" -}}
app.kubernetes.io/name: triptych
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/version: {{ .Values.images.tag | default .Chart.AppVersion | quote }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- define "triptych.image" -}}
{{- $images := .root.Values.images -}}
{{- with $images.registry }}{{ . }}/{{ end }}{{ .image }}:{{ $images.tag | default .root.Chart.AppVersion }}
{{- end }}

{{/* One variable out of a Secret, where one is named. */}}
{{- define "triptych.secret" -}}
{{- with .from.secret }}
- name: {{ $.name }}
  valueFrom:
    secretKeyRef:
      name: {{ . }}
      key: {{ $.from.key }}
{{- end }}
{{- end }}

{{/* Every setting of a pod: .root, and .more of that pod alone. */}}
{{- define "triptych.environment" -}}
{{- $values := .root.Values -}}
{{- $own := dict
  "ALLOWED_HOSTS" (join "," $values.hosts)
  "CSRF_TRUSTED_ORIGINS" (printf "https://%s" (join ",https://" $values.hosts))
  "HTTPS" "true"
  "TRUSTED_PROXIES" "1"
  "TRIPTYCH_DATA" "/data"
  "WEIGHTS_ROOT" "/weights"
  "REWARD_HEADS_ROOT" "/weights/heads"
  "S3_BUCKET" $values.bucket.name
  "S3_ENDPOINT_URL" $values.bucket.endpoint
  "S3_REGION" $values.bucket.region
-}}
{{- range $name, $value := mergeOverwrite $own $values.settings (.more | default dict) }}
- name: {{ $name }}
  value: {{ ternary $value (toJson $value) (kindIs "string" $value) | quote }}
{{- end }}
{{- include "triptych.secret" (dict "name" "SECRET_KEY" "from" $values.secretKey) }}
{{- include "triptych.secret" (dict "name" "DATABASE_URL" "from" $values.database) }}
{{- include "triptych.secret" (dict "name" "REDIS_URL" "from" $values.redis) }}
{{- include "triptych.secret" (dict "name" "AWS_ACCESS_KEY_ID" "from" $values.bucket.accessKey) }}
{{- include "triptych.secret" (dict "name" "AWS_SECRET_ACCESS_KEY" "from" $values.bucket.secretAccessKey) }}
{{- range $name, $from := $values.secretSettings }}
{{- include "triptych.secret" (dict "name" $name "from" $from) }}
{{- end }}
{{- end }}

{{/* A pod of one container:
  .root .part .image .command .resources .grace, and where they differ .environment .ports .health
  .readiness .scratch .restart .runtimeClassName .nodeSelector .tolerations */}}
{{- define "triptych.pod" -}}
{{- $values := .root.Values -}}
metadata:
  labels:
    {{- include "triptych.labels" .root | nindent 4 }}
    app.kubernetes.io/component: {{ .part }}
  {{- with $values.podAnnotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  serviceAccountName: {{ include "triptych.name" .root }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  {{- with .restart }}
  restartPolicy: {{ . }}
  {{- end }}
  {{- with .runtimeClassName }}
  runtimeClassName: {{ . }}
  {{- end }}
  terminationGracePeriodSeconds: {{ .grace }}
  securityContext:
    runAsNonRoot: true
    runAsUser: 10001
    runAsGroup: 10001
    fsGroup: 10001
    seccompProfile:
      type: RuntimeDefault
  {{- with $values.images.pullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .nodeSelector | default $values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .tolerations | default $values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  topologySpreadConstraints:
    - maxSkew: 1
      topologyKey: kubernetes.io/hostname
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          app.kubernetes.io/instance: {{ .root.Release.Name }}
          app.kubernetes.io/component: {{ .part }}
  containers:
    - name: {{ .part }}
      image: {{ include "triptych.image" (dict "root" .root "image" .image) }}
      imagePullPolicy: {{ $values.images.pullPolicy }}
      command:
        {{- toYaml .command | nindent 8 }}
      env:
        {{- include "triptych.environment" (dict "root" .root "more" .environment) | trim | nindent 8 }}
      {{- with .ports }}
      ports:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .health }}
      startupProbe:
        {{- toYaml . | nindent 8 }}
        periodSeconds: 5
        timeoutSeconds: 20
        failureThreshold: 36
      livenessProbe:
        {{- toYaml . | nindent 8 }}
        periodSeconds: 60
        timeoutSeconds: 20
        failureThreshold: 3
      {{- end }}
      {{- with .readiness }}
      readinessProbe:
        {{- toYaml . | nindent 8 }}
        periodSeconds: 5
        timeoutSeconds: 4
      {{- end }}
      resources:
        {{- toYaml .resources | nindent 8 }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities:
          drop: [ALL]
      volumeMounts:
        - name: scratch
          mountPath: /data
        - name: tmp
          mountPath: /tmp
        {{- if $values.weightsClaim }}
        - name: weights
          mountPath: /weights
        {{- end }}
  volumes:
    # What a pod may lose: all that lasts is in the database and the bucket.
    - name: scratch
      emptyDir:
        sizeLimit: {{ .scratch | default "2Gi" }}
    - name: tmp
      emptyDir:
        sizeLimit: 2Gi
    {{- if $values.weightsClaim }}
    - name: weights
      persistentVolumeClaim:
        claimName: {{ $values.weightsClaim }}
    {{- end }}
{{- end }}

{{/* A deployment of such a pod: the same, and .replicas, .surge. */}}
{{- define "triptych.deployment" -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "triptych.name" .root }}-{{ .part }}
  labels:
    {{- include "triptych.labels" .root | nindent 4 }}
    app.kubernetes.io/component: {{ .part }}
spec:
  replicas: {{ .replicas }}
  selector:
    matchLabels:
      app.kubernetes.io/instance: {{ .root.Release.Name }}
      app.kubernetes.io/component: {{ .part }}
  template:
    {{- include "triptych.pod" . | nindent 4 }}
{{- end }}
