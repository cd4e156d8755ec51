/** Error codes of ZooKeeper (KeeperException.Code, PROTOCOL.md 2.6). */

export const ErrorCode = {
  OK: 0,
  SYSTEMERROR: -1,
  RUNTIMEINCONSISTENCY: -2,
  DATAINCONSISTENCY: -3,
  CONNECTIONLOSS: -4,
  MARSHALLINGERROR: -5,
  UNIMPLEMENTED: -6,
  OPERATIONTIMEOUT: -7,
  BADARGUMENTS: -8,
  UNKNOWNSESSION: -12,
  NEWCONFIGNOQUORUM: -13,
  RECONFIGINPROGRESS: -14,
  APIERROR: -100,
  NONODE: -101,
  NOAUTH: -102,
  BADVERSION: -103,
  NOCHILDRENFOREPHEMERALS: -108,
  NODEEXISTS: -110,
  NOTEMPTY: -111,
  SESSIONEXPIRED: -112,
  INVALIDCALLBACK: -113,
  INVALIDACL: -114,
  AUTHFAILED: -115,
  SESSIONMOVED: -118,
  NOTREADONLY: -119,
  EPHEMERALONLOCALSESSION: -120,
  NOWATCHER: -121,
  REQUESTTIMEOUT: -122,
  RECONFIGDISABLED: -123,
  SESSIONCLOSEDREQUIRESASLAUTH: -124,
  QUOTAEXCEEDED: -125,
  THROTTLEDOP: -127,
} as const;

/** Every name but OK. A number that this list does not know is carried as `SYSTEMERROR`. */
export type KeeperErrorName = Exclude<keyof typeof ErrorCode, 'OK'>;

const NAME_BY_NUMBER: ReadonlyMap<number, KeeperErrorName> = new Map(
  Object.entries(ErrorCode)
    .filter(([, number]) => number !== 0)
    .map(([name, number]) => [number, name as KeeperErrorName]),
);

export const KEEPER_ERROR_NAMES = [...NAME_BY_NUMBER.values()] as [KeeperErrorName, ...KeeperErrorName[]];

export function keeperErrorNumber(name: KeeperErrorName): number {
  return ErrorCode[name];
}

/** The name of a reply's `err`; `SYSTEMERROR` for a number that is not known. Demands a number other than 0. */
export function keeperErrorName(number: number): KeeperErrorName {
  return NAME_BY_NUMBER.get(number) ?? 'SYSTEMERROR';
}
