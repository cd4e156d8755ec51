/** Every record of the protocol survives its bytes, and bytes that were cut are refused as such. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ProtocolError } from '../../../../shared/errors.ts';
import { JuteReader } from '../../../../shared/jute/reader.ts';
import { JuteWriter } from '../../../../shared/jute/writer.ts';
import {
  decodeConnectRequest,
  decodeConnectResponse,
  encodeConnectRequest,
  encodeConnectResponse,
} from '../../../../shared/protocol/connect.ts';
import {
  decodeReplyHeader,
  decodeRequestHeader,
  encodeReplyHeader,
  encodeRequestHeader,
} from '../../../../shared/protocol/header.ts';
import { OpCode } from '../../../../shared/protocol/op-code.ts';
import { STAT_BYTES, decodeStat, encodeStat } from '../../../../shared/protocol/stat.ts';
import { decodeWatcherEvent, encodeWatcherEvent } from '../../../../shared/protocol/watcher-event.ts';
import { OPERATIONS, RECORDS, anySessionId, anyStat, anyZxid } from './operations.ts';

type Encode<T> = (writer: JuteWriter, record: T) => void;
type Decode<T> = (reader: JuteReader) => T;

function bytesOf<T>(encode: Encode<T>, record: T): Uint8Array {
  const writer = new JuteWriter();
  encode(writer, record);
  return writer.finish();
}

/** What came back, and that nothing was left over. */
function decodeAll<T>(decode: Decode<T>, bytes: Uint8Array): T {
  const reader = new JuteReader(bytes);
  const record = decode(reader);
  reader.expectEnd();
  return record;
}

function expectRoundTrips<T>(arbitrary: fc.Arbitrary<T>, encode: Encode<T>, decode: Decode<T>): void {
  fc.assert(
    fc.property(arbitrary, (record) => {
      expect(decodeAll(decode, bytesOf(encode, record))).toEqual(record);
    }),
  );
}

/** Every record ends where its last field ends, so no shorter bytes may pass for it. */
function expectCutsRefused<T>(arbitrary: fc.Arbitrary<T>, encode: Encode<T>, decode: Decode<T>): void {
  fc.assert(
    fc.property(arbitrary, fc.nat(), (record, at) => {
      const bytes = bytesOf(encode, record);
      if (bytes.length === 0) return;
      const cut = bytes.subarray(0, at % bytes.length);
      expect(() => decodeAll(decode, cut)).toThrow(ProtocolError);
    }),
  );
}

describe.each(Object.entries(OPERATIONS))('%s', (name, operation) => {
  const [request, response] = RECORDS[name as keyof typeof RECORDS];

  test('has its own name and number', () => {
    expect(operation.name).toBe(name);
    expect(operation.opCode).toBe(OpCode[operation.name]);
  });

  test('requests and responses come back as they were', () => {
    expectRoundTrips(request, operation.encodeRequest, operation.decodeRequest);
    expectRoundTrips(response, operation.encodeResponse, operation.decodeResponse);
  });

  test('cut ones are refused', () => {
    expectCutsRefused(request, operation.encodeRequest, operation.decodeRequest);
    expectCutsRefused(response, operation.encodeResponse, operation.decodeResponse);
  });

  test('any bytes give a record or a ProtocolError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
        for (const decode of [operation.decodeRequest, operation.decodeResponse]) {
          try {
            decode(new JuteReader(bytes));
          } catch (error) {
            expect(error).toBeInstanceOf(ProtocolError);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('packets without an operation', () => {
  const int = fc.integer();
  const readOnly = fc.option(fc.boolean(), { nil: undefined });
  const password = fc.uint8Array({ maxLength: 20 });
  const connectRequest = fc.record({
    protocolVersion: int,
    lastZxidSeen: anyZxid,
    timeoutMs: int,
    sessionId: anySessionId,
    password,
    readOnly,
  });
  const connectResponse = fc.record({
    protocolVersion: int,
    timeoutMs: int,
    sessionId: anySessionId,
    password,
    readOnly,
  });
  const watcherEvent = fc.record({ type: int, state: int, path: fc.string({ unit: 'binary' }) });

  test('connect requests and responses, with and without readOnly', () => {
    expectRoundTrips(connectRequest, encodeConnectRequest, decodeConnectRequest);
    expectRoundTrips(connectResponse, encodeConnectResponse, decodeConnectResponse);
  });

  test('headers and watcher events', () => {
    expectRoundTrips(fc.record({ xid: int, type: int }), encodeRequestHeader, decodeRequestHeader);
    expectRoundTrips(fc.record({ xid: int, zxid: anyZxid, err: int }), encodeReplyHeader, decodeReplyHeader);
    expectRoundTrips(watcherEvent, encodeWatcherEvent, decodeWatcherEvent);
    expectCutsRefused(watcherEvent, encodeWatcherEvent, decodeWatcherEvent);
  });

  test('a Stat has 68 bytes', () => {
    expectRoundTrips(anyStat, encodeStat, decodeStat);
    fc.assert(
      fc.property(anyStat, (stat) => {
        expect(bytesOf(encodeStat, stat)).toHaveLength(STAT_BYTES);
      }),
    );
    expect(STAT_BYTES).toBe(68);
  });

  test('a password outlives the frame that it came in', () => {
    const frame = bytesOf(encodeConnectResponse, {
      protocolVersion: 0,
      timeoutMs: 1,
      sessionId: decodeConnectResponse(new JuteReader(new Uint8Array(37))).sessionId,
      password: Uint8Array.of(1, 2),
      readOnly: true,
    });
    const { password: kept } = decodeConnectResponse(new JuteReader(frame));
    frame.fill(0);
    expect([...kept]).toEqual([1, 2]);
  });
});
