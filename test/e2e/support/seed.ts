/** A cluster as people have one: Kafka's and HBase's nodes, locks, queues, configuration, services with a quota. */
import type { ZooKeeperClient } from '../../../electron/client/client.ts';
import type { CreateOptions } from '../../../electron/client/multi.ts';
import { Perms } from '../../../shared/acl.ts';
import { digestId } from '../../../electron/client/digest.ts';
import { bytesOf } from './bytes.ts';

const broker = (id: number): string =>
  JSON.stringify({
    features: {},
    listener_security_protocol_map: { INTERNAL: 'PLAINTEXT', CLIENT: 'SASL_SSL' },
    endpoints: [`INTERNAL://kafka-${id}.kafka.svc:9092`, `CLIENT://kafka-${id}.eu1.example.net:9094`],
    jmx_port: 9999,
    host: `kafka-${id}.kafka.svc`,
    rack: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'][id] ?? 'eu-west-1a',
    port: 9092,
    timestamp: '1795261327482',
    version: 5,
  });

/** Minified, in the order that Kafka writes. */
export const TOPIC_CONFIG = JSON.stringify({
  version: 1,
  config: {
    'cleanup.policy': 'delete',
    'compression.type': 'producer',
    'max.message.bytes': '1048588',
    'min.insync.replicas': '2',
    'retention.ms': '604800000',
    'segment.bytes': '1073741824',
  },
});

export const TOPIC = '/kafka/config/topics/orders.v2';
export const BROKER = '/kafka/brokers/ids/0';
export const BINARY = '/hbase/meta-region-server';

const TOPICS = ['__consumer_offsets', 'audit.v1', 'inventory.v3', 'orders.v2', 'payments.v1', 'shipments.v1'];
const SERVICES = ['billing', 'catalog', 'checkout', 'gateway', 'identity', 'search'];

/** HBase's magic, a length, and a protocol buffer that no text editor may touch. */
const HBASE_BYTES = Uint8Array.from([
  0xff,
  ...bytesOf('\0\0\0\u001emaster:16000'),
  0xa4,
  0x1d,
  0x9b,
  ...bytesOf('PBUF\n\u0014\n\u000frs-3.hbase.svc\u0010'),
  0x94,
  0x7d,
  0x18,
  0xfe,
  0xcb,
  0xd1,
  0xba,
  0xe3,
  0x32,
  0x10,
  0,
]);

export async function seed(client: ZooKeeperClient): Promise<void> {
  await seedKafka(client);
  await seedHbase(client);
  await make(client, '/locks', { mode: 'CONTAINER' });
  await make(client, '/locks/orders', { mode: 'CONTAINER' });
  for (const holder of ['_c_4f1c02aa-81b3-lock-', '_c_9b07d1e6-5c44-lock-']) {
    const data = bytesOf('10.20.7.31');
    await client.create(`/locks/orders/${holder}`, { mode: 'EPHEMERAL_SEQUENTIAL', data });
  }
  await make(client, '/config');
  await make(client, '/config/app.properties', {
    data: bytesOf('# shared by all services\nhttp.port=8080\nhttp.threads=64\nretries=3\nregion=eu-west-1\n'),
  });
  await make(client, '/config/feature-flags', {
    data: bytesOf('{"checkout_v2": true, "dark_mode": false, "max_items": 40}'),
  });
  await make(client, '/services');
  for (const service of SERVICES) {
    await make(client, `/services/${service}`, { data: bytesOf(`http://${service}.svc:8080`) });
  }
  await seedQuota(client);
}

async function seedKafka(client: ZooKeeperClient): Promise<void> {
  for (const path of [
    '',
    '/brokers',
    '/brokers/ids',
    '/brokers/topics',
    '/config',
    '/config/topics',
    '/consumers',
  ])
    await make(client, `/kafka${path}`);
  for (const id of [0, 1, 2])
    await make(client, `/kafka/brokers/ids/${id}`, { mode: 'EPHEMERAL', data: bytesOf(broker(id)) });
  await make(client, '/kafka/brokers/seqid');
  for (const topic of TOPICS) {
    const partitions = JSON.stringify({ version: 3, partitions: { '0': [0, 1], '1': [1, 2], '2': [2, 0] } });
    await make(client, `/kafka/brokers/topics/${topic}`, { data: bytesOf(partitions) });
    await make(client, `/kafka/config/topics/${topic}`, { data: bytesOf(TOPIC_CONFIG) });
  }
  await make(client, '/kafka/controller', { mode: 'EPHEMERAL', data: bytesOf('{"version":1,"brokerid":2}') });
  await make(client, '/kafka/controller_epoch', { data: bytesOf('42') });
}

async function seedHbase(client: ZooKeeperClient): Promise<void> {
  for (const name of ['', '/rs', '/table', '/backup-masters', '/replication'])
    await make(client, `/hbase${name}`);
  await make(client, '/hbase/master', { mode: 'EPHEMERAL', data: HBASE_BYTES });
  await make(client, BINARY, { data: HBASE_BYTES });
  for (const table of ['events', 'profiles', 'sessions']) await make(client, `/hbase/table/${table}`);
  for (const server of [1, 2, 3])
    await make(client, `/hbase/rs/rs-${server}.hbase.svc,16020,1795261327482`, { mode: 'EPHEMERAL' });
  const acl = [{ perms: Perms.ALL, id: digestId({ user: 'hbase', password: 'secret' }) }];
  await make(client, '/hbase/acl', { acl });
}

/** As zkCli's `setquota -n 40 -b 4096` does it. */
async function seedQuota(client: ZooKeeperClient): Promise<void> {
  await make(client, '/zookeeper/quota/services');
  const limits = bytesOf('count=40,bytes=4096=;byteHardLimit=-1;countHardLimit=-1');
  await make(client, '/zookeeper/quota/services/zookeeper_limits', { data: limits });
  await make(client, '/zookeeper/quota/services/zookeeper_stats', { data: bytesOf('count=7,bytes=180') });
}

async function make(client: ZooKeeperClient, path: string, options: CreateOptions = {}): Promise<void> {
  await client.create(path, options);
}
