/** Simplified Chinese texts of the notification radius. ZooKeeper's own words stay English. */
import type { LocaleOf } from '../locale-of.ts';
import type { radius as english } from '../en/radius.ts';

export const radius: LocaleOf<typeof english> = {
  title: '谁会收到通知',
  unknownYet: '谁会收到通知：正在查询…',
  nobody: '没有任何监视',
  hidden: '无法得知谁会收到通知',
  hiddenHint: '并非所有服务器都告知其 watch 数量（wchs）；点查询可看到解决办法。',
  atMost_other: '至多触发 {{formatted}} 个监视',
  atMostHint: '这是整个集群中 watch 的总数，不论路径，包括 Zabra 自己的。其中哪些会触发，只有查询才知道。',
  ask: '查询是谁',
  askAgain: '重新查询',
  show: '查看',
  asking: '正在查询服务器…',
  askHint:
    'wchp 会让每台服务器列出全部 watch。大型集群若有数十万个，需要一点时间；超过 16 MB 或 10 秒则放弃。',
  failed: '无法查询服务器。',
  onlyZabra: '只有 Zabra 会收到通知',
  certain_other: '{{formatted}} 个其他会话会收到通知',
  possible_other: '，另有 {{formatted}} 个可能收到',
  onlyIf: '仅当它在 {{path}} 上的 watch 是 recursive 或 persistent',
  childHidden: 'child watch（getChildren）也会触发；没有服务器会列出它们属于谁。',
  asOf: '来自 wchp，截至 {{time}}',
};
