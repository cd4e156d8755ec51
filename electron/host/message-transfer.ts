/**
 * How the router's answers cross a MessagePort: as they are (structured clone takes bytes without base64), except streams,
 * for which null keeps the form that oRPC knows (STACK.md 5). Pure.
 */
export function transferOf([, , payload]: readonly unknown[]): [] | null {
  const body: unknown =
    typeof payload === 'object' && payload !== null && 'body' in payload ? payload.body : null;
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body ? null : [];
}
