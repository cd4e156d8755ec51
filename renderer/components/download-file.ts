/** Hands a text to the browser or to Electron as a file to save. */

export interface ExportFile {
  readonly name: string;
  readonly mimeType: string;
  readonly text: string;
}

/** The address must stay valid until the download has begun; nothing says when that is. */
const REVOKE_AFTER_MS = 60_000;

export function downloadFile({ name, mimeType, text }: ExportFile): void {
  const address = URL.createObjectURL(new Blob([text], { type: `${mimeType};charset=utf-8` }));
  const anchor = document.createElement('a');
  anchor.href = address;
  anchor.download = name;
  anchor.click();
  setTimeout(() => {
    URL.revokeObjectURL(address);
  }, REVOKE_AFTER_MS);
}
