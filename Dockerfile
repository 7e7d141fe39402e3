# syntax=docker/dockerfile:1
# Four images out of one file: `site` (web, worker, beat), `scorer` (the same with torch), `proxy`.
# No secret is built in: the key and the passwords come with the environment, at start.

FROM node:22-bookworm-slim AS frontend
WORKDIR /build/frontend
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci --include=dev
COPY frontend/ ./
COPY annotator/i18n/ /build/annotator/i18n/
RUN npm run build

FROM python:3.12-slim-trixie AS packages
WORKDIR /build
COPY requirements-uv.txt requirements.txt requirements-embedded.txt ./
RUN pip install --no-cache-dir --require-hashes --no-deps -r requirements-uv.txt \
    && python -m venv /opt/venv \
    && VIRTUAL_ENV=/opt/venv uv pip install --no-cache --no-deps --require-hashes -r requirements.txt

FROM packages AS packages-with-torch
# cpu: the small build. A GPU's: --build-arg TORCH_BACKEND=cu130 (uv's names).
ARG TORCH_BACKEND=cpu
COPY pyproject.toml ./
RUN VIRTUAL_ENV=/opt/venv UV_TORCH_BACKEND=${TORCH_BACKEND} \
    uv pip install --no-cache --group torch \
    && VIRTUAL_ENV=/opt/venv uv pip install --no-cache --no-deps --require-hashes \
    -r requirements-embedded.txt

FROM python:3.12-slim-trixie AS runtime
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    TRIPTYCH_DATA=/data \
    STATIC_ROOT=/srv/static
# The uid is fixed: the proxy reads images and exports under the same one.
RUN useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin triptych \
    && install -d -o triptych -g triptych -m 0750 /data /data/media /data/exports /backups
WORKDIR /srv/triptych
COPY manage.py ./
COPY annotator/ annotator/
COPY scoring/ scoring/
COPY deploy/healthcheck.py deploy/healthcheck.py
COPY --from=frontend /build/frontend/dist/ frontend/dist/

FROM runtime AS scorer
COPY --from=packages-with-torch /opt/venv/ /opt/venv/
USER 10001
VOLUME ["/data"]
CMD ["celery", "-A", "annotator.config.celery:app", "worker", "-Q", "measure,measure_gpu"]

FROM runtime AS site
# For `manage.py backup` and `restore`: of the major version of docker-compose.yml's server, no older.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends postgresql-client-17 \
    && rm -rf /var/lib/apt/lists/*
COPY --from=packages /opt/venv/ /opt/venv/
# Settings want a key; this one lives as long as the command.
RUN SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
    TRIPTYCH_DATA=/tmp/build python manage.py collectstatic --no-input --verbosity 0 \
    && rm -rf /tmp/build
USER 10001
VOLUME ["/data"]
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 \
    CMD ["python", "deploy/healthcheck.py", "web"]
CMD ["gunicorn", "annotator.config.wsgi:application", "--bind", "0.0.0.0:8000", \
     "--worker-class", "annotator.ops.gunicorn_worker.WholeRequests", "--workers", "2", \
     "--threads", "8", "--timeout", "120", \
     "--graceful-timeout", "20", "--keep-alive", "10", "--worker-tmp-dir", "/dev/shm", \
     "--no-control-socket", "--log-level", "info"]

FROM nginxinc/nginx-unprivileged:1.28-alpine AS proxy
COPY deploy/nginx.conf /etc/nginx/nginx.conf
COPY --from=site /srv/static/ /srv/static/
USER 10001
HEALTHCHECK --interval=15s --timeout=3s --retries=4 \
    CMD ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8080/proxy-health"]
