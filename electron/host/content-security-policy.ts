/**
 * What the page may load, for both hosts. Everything comes from the host itself; scripts are files, never inline or eval.
 * Styles that Mantine and Monaco make at run time carry the nonce of the response (STACK.md 6); style attributes
 * cannot carry one. Pure.
 */

/** The text in renderer/index.html that the nonce replaces. */
const NONCE_PLACEHOLDER = '__CSP_NONCE__';

export function contentSecurityPolicy({ nonce, connect }: { nonce: string; connect: string }): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self'",
    `style-src-elem 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src ${connect}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join('; ');
}

/** Puts the nonce into the page, where main.tsx finds it (`<meta name="csp-nonce">`). */
export function withNonce(html: string, nonce: string): string {
  return html.replaceAll(NONCE_PLACEHOLDER, nonce);
}
