/** Where to go after signing in: an address of this site only, never one of another's. */
export function safeNext(wanted: string | null): string {
  if (!wanted || !/^\/(?![/\\])/.test(wanted) || wanted.startsWith("/sign-in")) return "/";
  return wanted;
}
