/** Incidents of the data: who is locked out, and what has grown too large. */
import { Perms } from '../../shared/acl.ts';
import type { Incident } from './incident.ts';

const ATTEMPTS = 4;
const CHILDREN_MAX = 3;

const aclLockout: Incident = {
  name: 'acl-lockout',
  title: 'ACL lockout',
  async run(stage) {
    const path = '/locked';
    const writer = await stage.writer();
    await writer.create(path);
    // A hash that somebody mistyped: no password has it.
    await writer.setAcl(path, [
      { perms: Perms.ALL, id: { scheme: 'digest', id: 'app:bm9ib2R5IGtub3dzIHRoaXM=' } },
    ]);
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      await writer.setData(path, new Uint8Array(1)).catch(() => undefined);
    }
    return [{ kind: 'cluster', cause: 'acl-lockout', subject: path }];
  },
};

const quotaExceeded: Incident = {
  name: 'quota-exceeded',
  title: 'quota exceeded',
  async run(stage) {
    const path = '/app';
    const writer = await stage.writer();
    const text = new TextEncoder();
    await writer.create(path);
    await writer.create(`/zookeeper/quota${path}`);
    await writer.create(`/zookeeper/quota${path}/zookeeper_limits`, {
      data: text.encode(`count=${CHILDREN_MAX},bytes=-1`),
    });
    await writer.create(`/zookeeper/quota${path}/zookeeper_stats`, { data: text.encode('count=0,bytes=0') });
    for (let child = 0; child < CHILDREN_MAX * 2; child++) await writer.create(`${path}/${child}`);
    return [{ kind: 'cluster', cause: 'quota-exceeded', subject: path }];
  },
};

export const DATA_INCIDENTS: readonly Incident[] = [aclLockout, quotaExceeded];
