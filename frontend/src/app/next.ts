/** Where to go after signing in: an address of this site only, never one of another's. */
export function safeNext(address: string | null): string {
  if (!address || !/^\/(?![/\\])/.test(address) || address.startsWith("/sign-in")) return "/";
  return address;
}
