/**
 * Gives every style element that a library creates the nonce of this page's content security policy. Mantine, Monaco
 * and react-remove-scroll insert <style> elements at run time; the policy takes only those with the nonce, which the
 * host writes into the page's <meta name="csp-nonce">. Must be the first import of main.tsx: a library that creates a
 * style element while its module is evaluated would otherwise be earlier.
 */

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';

/** The nonce of this page, for libraries that ask for it. */
export function styleNonce(): string {
  return nonce;
}

type CreateElement = (this: Document, name: string, options?: ElementCreationOptions) => HTMLElement;

const createElement = Object.getOwnPropertyDescriptor(Document.prototype, 'createElement')
  ?.value as CreateElement;

const createWithNonce: CreateElement = function (name, options) {
  const element = createElement.call(this, name, options);
  if (element instanceof HTMLStyleElement) element.nonce = nonce;
  return element;
};
Object.defineProperty(Document.prototype, 'createElement', {
  value: createWithNonce,
  writable: true,
  configurable: true,
});
