
import type { Schemas } from "@/api/client";
import styles from "./Sketch.module.css";

const IMAGE = "#8d96a3";
const FAINT = "#c5cbd3";
const MARK = "#d1483f";
const ACCENT = "#b97a1e";

/** The desk of a template in a few strokes; decoration beside the words. */
export function Sketch({ template }: { template: Schemas["TemplateName"] }) {
  return (
    <svg viewBox="0 0 160 70" className={styles.sketch} aria-hidden="true">
      <rect width="160" height="70" rx="6" fill="#2b2d31" />
      {DRAWINGS[template]}
    </svg>
  );
}

function Image({ x, y = 10, size, lit = false }: { x: number; y?: number; size: number; lit?: boolean }) {
  return (
    <rect x={x} y={y} width={size} height={size} rx="3" fill={IMAGE} {...(lit ? { stroke: ACCENT, strokeWidth: 3 } : {})} />
  );
}

function Line({ x, y, width, lit = false }: { x: number; y: number; width: number; lit?: boolean }) {
  return <rect x={x} y={y} width={width} height="5" rx="2.5" fill={lit ? ACCENT : FAINT} opacity={lit ? 1 : 0.5} />;
}

const DRAWINGS: Record<Schemas["TemplateName"], React.ReactNode> = {
  mps: (
    <>
      <Image x={14} size={50} lit />
      <Image x={70} size={50} />
      {[14, 26, 38, 50].map((y) => (
        <Line key={y} x={128} y={y} width={22} lit={y === 26} />
      ))}
    </>
  ),
  richhf: (
    <>
      <Image x={14} size={50} />
      <circle cx="32" cy="30" r="5" fill="none" stroke={MARK} strokeWidth="2.5" />
      <circle cx="51" cy="46" r="5" fill="none" stroke={ACCENT} strokeWidth="2.5" />
      <Line x={76} y={14} width={28} />
      <Line x={107} y={14} width={18} lit />
      <Line x={128} y={14} width={18} />
      {[28, 40, 52].map((y) => (
        <Line key={y} x={76} y={y} width={70} />
      ))}
    </>
  ),
  imagereward: (
    <>
      {[0, 1, 2, 3].map((place) => (
        <Image key={place} x={14 + 34 * place} y={10} size={30} lit={place === 1} />
      ))}
      {[0, 1, 2, 3].map((place) => (
        <text key={place} x={29 + 34 * place} y={58} fill={FAINT} fontSize="12" textAnchor="middle">
          {[2, 1, 2, 4][place]}
        </text>
      ))}
    </>
  ),
  hpsv3: (
    <>
      <Image x={26} size={50} />
      <Image x={84} size={50} lit />
    </>
  ),
  graded: (
    <>
      <Image x={36} y={8} size={40} lit />
      <Image x={84} y={8} size={40} />
      {[0, 1, 2, 3, 4, 5].map((place) => (
        <Line key={place} x={20 + 21 * place} y={56} width={16} lit={place === 1} />
      ))}
    </>
  ),
  triage: (
    <>
      <Image x={55} y={6} size={44} lit />
      <Line x={40} y={57} width={34} lit />
      <Line x={80} y={57} width={34} />
    </>
  ),
  entitydraw: (
    <>
      {[0, 1, 2, 3].map((place) => (
        <Image key={place} x={14 + 34 * place} y={10} size={30} lit={place === 2} />
      ))}
      <Line x={82} y={50} width={14} lit />
      <Line x={100} y={50} width={14} />
    </>
  ),
  evalmuse: (
    <>
      <Image x={14} size={50} />
      {[12, 26, 40].map((y) => (
        <g key={y}>
          <Line x={76} y={y} width={44} />
          <Line x={126} y={y} width={10} lit={y !== 26} />
          <Line x={140} y={y} width={10} lit={y === 26} />
        </g>
      ))}
      {[0, 1, 2, 3, 4].map((place) => (
        <Line key={place} x={76 + 15 * place} y={56} width={11} lit={place === 3} />
      ))}
    </>
  ),
  edit: (
    <>
      <rect x="14" y="10" width="40" height="40" rx="3" fill="none" stroke={FAINT} strokeWidth="2" strokeDasharray="4 3" />
      <path d="M58 30h10m-4 -4l4 4l-4 4" fill="none" stroke={FAINT} strokeWidth="2" />
      <Image x={72} size={40} lit />
      {[12, 27, 42].map((y) => (
        <Line key={y} x={120} y={y} width={28} lit={y === 27} />
      ))}
      <Line x={14} y={57} width={98} />
    </>
  ),
  "edit-graded": (
    <>
      <rect x="12" y="8" width="40" height="40" rx="3" fill="none" stroke={FAINT} strokeWidth="2" strokeDasharray="4 3" />
      <Image x={60} y={8} size={40} />
      <Image x={108} y={8} size={40} lit />
      {[0, 1, 2, 3, 4, 5].map((place) => (
        <Line key={place} x={20 + 21 * place} y={56} width={16} lit={place === 4} />
      ))}
    </>
  ),
  "richhf-plus": (
    <>
      <Image x={14} size={50} />
      <rect x="20" y="14" width="20" height="16" fill="none" stroke={MARK} strokeWidth="2.5" />
      <circle cx="51" cy="46" r="5" fill="none" stroke={ACCENT} strokeWidth="2.5" />
      <path d="M56 44L92 19" fill="none" stroke={ACCENT} strokeWidth="1.5" strokeDasharray="3 3" />
      <Line x={76} y={14} width={28} lit />
      <Line x={107} y={14} width={18} />
      <Line x={128} y={14} width={18} />
      {[28, 40, 52].map((y) => (
        <Line key={y} x={100} y={y} width={46} />
      ))}
    </>
  ),
  custom: (
    <>
      <Image x={14} size={50} />
      {[14, 30, 46].map((y) => (
        <g key={y}>
          <circle cx="80" cy={y + 5} r="5" fill="none" stroke={FAINT} strokeWidth="2" />
          <Line x={92} y={y + 2} width={52} />
        </g>
      ))}
    </>
  ),
};
