/**
 * The system's password store for the browser host: Secret Service on Linux, Keychain, Windows Credential Manager. On Linux
 * the store is named: without that the library falls back to the kernel's keyring, which looks stored and is gone after
 * a restart (STACK.md 9).
 */
import { Entry } from '@napi-rs/keyring';
import type { SecretVault } from './secret-store.ts';

const SERVICE = 'io.github.zabra.app';
const OPTIONS = { linux: { store: 'secret-service' } } as const;

function entryOf(connectionId: string): Entry {
  return new Entry(SERVICE, connectionId, OPTIONS);
}

const keyringVault: SecretVault = {
  seal(connectionId, secret) {
    entryOf(connectionId).setPassword(secret);
    return null;
  },
  open(connectionId) {
    return entryOf(connectionId).getPassword() ?? undefined;
  },
  forget(connectionId) {
    entryOf(connectionId).deletePassword();
  },
};

/** Undefined where no store answers (a machine without a desktop session). */
export function openKeyringVault(): SecretVault | undefined {
  try {
    keyringVault.open('zabra-probe', null);
    return keyringVault;
  } catch {
    return undefined;
  }
}
