import ReactMarkdown, { type Components } from "react-markdown";

/** Only images that the site itself serves for guidelines are fetched. */
const OWN_IMAGE = /^\/api\/v1\/guideline-images\/[0-9a-f-]{36}$/;

const COMPONENTS: Components = {
  a: ({ href, children }) => (
    <a href={href} target="_blank" rel="noreferrer">
      {children}
    </a>
  ),
  img: ({ src, alt }) =>
    typeof src === "string" && OWN_IMAGE.test(src) ? (
      <img src={src} alt={alt ?? ""} loading="lazy" />
    ) : (
      <>{alt}</>
    ),
  // The page and the panel have headings of their own above these.
  h1: ({ children }) => <h3>{children}</h3>,
  h2: ({ children }) => <h3>{children}</h3>,
  h3: ({ children }) => <h4>{children}</h4>,
};

/** Markdown as elements; HTML in it is shown as the text that it is, so that nothing can act. */
export default function Rendered({ text }: { text: string }) {
  return <ReactMarkdown components={COMPONENTS}>{text}</ReactMarkdown>;
}
