/** Electron's safeStorage as a vault: it encrypts with a key that the system keeps; the ciphertext lies in the database. */
import type { SecretVault } from './secret-store.ts';

/** What is used of Electron's `safeStorage`; named here because only the entries import Electron. */
export interface SafeStorage {
  isEncryptionAvailable(): boolean;
  encryptString(text: string): Uint8Array;
  decryptString(ciphertext: Buffer): string;
  /** Linux only. `basic_text` is a key that is the same everywhere, so no protection. */
  getSelectedStorageBackend?(): string;
}

/** Undefined where encryption would be none. Demands that the app is ready. */
export function openSafeStorageVault(
  safeStorage: SafeStorage,
  platform: NodeJS.Platform,
): SecretVault | undefined {
  if (!safeStorage.isEncryptionAvailable()) return undefined;
  if (platform === 'linux' && safeStorage.getSelectedStorageBackend?.() === 'basic_text') return undefined;
  return {
    seal: (_connectionId, secret) => safeStorage.encryptString(secret),
    open: (_connectionId, ciphertext) =>
      ciphertext === null ? undefined : safeStorage.decryptString(Buffer.from(ciphertext)),
    forget: () => undefined,
  };
}
