import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

/** A WebSocket that opens and closes when the test says so. */
class FakeSocket extends EventTarget {
  static readonly made: FakeSocket[] = [];
  binaryType = 'blob';
  readonly readyState = 1;
  readonly sent: unknown[] = [];
  readonly address: string;

  constructor(address: URL) {
    super();
    this.address = address.href;
    FakeSocket.made.push(this);
  }

  send(data: unknown): void {
    this.sent.push(data);
  }

  open(): void {
    this.dispatchEvent(new Event('open'));
  }

  close(): void {
    this.dispatchEvent(new Event('close'));
  }
}

const last = (): FakeSocket => FakeSocket.made.at(-1)!;

describe('link: WebSocket', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.resetModules();
    FakeSocket.made.length = 0;
    vi.stubGlobal('WebSocket', FakeSocket);
    vi.stubGlobal('location', { href: 'http://127.0.0.1:4000/', protocol: 'http:' });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('connects to /api of the page and takes whole buffers', async () => {
    const { startLink, useLink } = await import('../../../../renderer/api/link.ts');
    startLink();
    expect(last().address).toBe('ws://127.0.0.1:4000/api');
    expect(last().binaryType).toBe('arraybuffer');
    expect(useLink.getState()).toMatchObject({ wire: 'connecting', generation: 0 });
    last().open();
    expect(useLink.getState()).toMatchObject({ wire: 'open', generation: 1 });
  });

  it('a wire that closes is lost, then opened again as the next generation', async () => {
    const { startLink, useLink } = await import('../../../../renderer/api/link.ts');
    startLink();
    last().open();
    last().close();
    expect(useLink.getState()).toMatchObject({ wire: 'lost', generation: 1, link: null });
    await vi.advanceTimersByTimeAsync(250);
    expect(FakeSocket.made).toHaveLength(2);
    last().open();
    expect(useLink.getState()).toMatchObject({ wire: 'open', generation: 2 });
  });

  it('waits longer after each attempt that fails, within a bound', async () => {
    const { startLink } = await import('../../../../renderer/api/link.ts');
    startLink();
    for (let attempt = 0; attempt < 8; attempt += 1) {
      last().close();
      await vi.advanceTimersByTimeAsync(3_000);
    }
    expect(FakeSocket.made).toHaveLength(9);
    last().close();
    await vi.advanceTimersByTimeAsync(2_900);
    expect(FakeSocket.made).toHaveLength(9);
  });

  it('a call without a wire waits for one, and gives up in the end', async () => {
    const { WireLostError, link, startLink } = await import('../../../../renderer/api/link.ts');
    startLink();
    const lost = expect(link.call(['app', 'info'], undefined, { context: {} })).rejects.toBeInstanceOf(
      WireLostError,
    );
    await vi.advanceTimersByTimeAsync(10_000);
    await lost;

    const aborting = new AbortController();
    const options = { context: {}, signal: aborting.signal };
    const cancelled = expect(link.call(['app', 'info'], undefined, options)).rejects.toThrow('cancelled');
    aborting.abort();
    await cancelled;

    void link.call(['app', 'info'], undefined, { context: {} }).catch(() => undefined);
    expect(last().sent).toEqual([]);
    last().open();
    await vi.advanceTimersByTimeAsync(1);
    expect(last().sent).not.toEqual([]);
  });
});
