/**
 * The sentences of findings in Simplified Chinese. ZooKeeper's own words stay English, and so does what a server said itself,
 * in quotation marks. Not a namespace of i18next: each sentence is a function of what it speaks of (shared/api/sentences.ts).
 */
import type { ElectionCause } from '../../../../shared/api/causes.ts';
import type { VoteField } from '../../../../shared/api/elections.ts';
import type {
  Excess,
  SentenceCatalogue,
  SentenceFormats,
  Standing,
} from '../../../../shared/api/sentences.ts';
import { formatZxidHex } from '../../../app/format.ts';

export const CHINESE: SentenceCatalogue = {
  'source.client-port': () => '客户端端口',
  'source.events': ({ server }) => `${named(server)} 的事件流`,
  'source.word': ({ word, server }) => `${named(server)} 的 ${word}`,
  'source.admin': ({ server }) => `${named(server)} 的 AdminServer`,
  'source.path': ({ path }) => path,
  'source.log-of': ({ server }) => `${named(server)} 的日志`,
  'source.votes': () => '选票',
  'source.zabra': () => 'Zabra 自身',

  'session.closed': ({ session, address }) => `会话 ${session} 由其客户端${where(address)}主动关闭。`,
  'session.taken-over': ({ session, by, owner }) =>
    `会话 ${session} 被他人以客户端名义结束：${owner} 仍持有该会话时，位于 ${by} 的一方将其接管并关闭。`,
  'session.ended-here': ({ session, server }) =>
    `会话 ${session} 由 Zabra 结束：它在 ${server} 上接管了该会话，并以客户端的名义将其关闭。`,
  'session.closed-in-its-name': ({ session, owner }) =>
    `会话 ${session} 被他人以客户端 ${owner} 的名义结束：closeSession 来自另一条连接，其请求编号重新开始计数。`,
  'session.closed-and-wanted': ({ session, owner }) =>
    `会话 ${session} 被他人以客户端 ${owner} 的名义结束：会话关闭时或之后，有一方试图继续使用它，而自己关闭会话的客户端不会这样做。`,
  'session.moved-too-late': ({ session, server, lateMs }, { duration }) =>
    `会话 ${session} 已过期，因为客户端回来得太晚：会话结束 ${duration(lateMs)}后，它才尝试连接${server === null ? '某台服务器' : named(server)}。`,
  'session.server-lost': ({ session, server, timeoutMs }, { duration }) =>
    `会话 ${session} 已过期，因为承载其连接的${named(server)} 失联，而客户端没有${timeoutMs === null ? '及时' : `在 ${duration(timeoutMs)}的超时时间内`}重新连上。`,
  'session.client-gone': ({ session, address, timeoutMs }, formats) =>
    `会话 ${session} 已过期，因为客户端${where(address)}未关闭会话就已离开，${within(timeoutMs, formats)}没有回来。`,
  'session.client-silent': ({ session, address, timeoutMs, hasComeBack }, formats) =>
    `会话 ${session} 已过期：连接一直保持，但${within(timeoutMs, formats)}没有收到客户端 ${address} 的任何消息。${
      hasComeBack
        ? '它后来又出现，说明曾暂停运行或网络中断。'
        : '它暂停运行或网络中断，服务器无法分辨是哪一种。'
    }`,
  'session.unseen': ({ session }) => `会话 ${session} 已结束，无法看到它的连接当时在哪里。`,
  'fact.closed-by-client': ({ ephemerals }) => `closeSession 带有客户端的 xid${removed(ephemerals)}`,
  'fact.closed-by-servers': ({ ephemerals }) =>
    `closeSession 由服务器自行发起，没有客户端要求${removed(ephemerals)}`,
  'fact.timeout-passed': ({ timeoutMs, lastHeardMs }, { time, duration }) =>
    `leader 等满了${timeoutMs === null ? '' : ` ${duration(timeoutMs)}的`}超时时间${lastHeardMs === null ? '' : `，最后一次收到消息是在 ${time(lastHeardMs)}`}`,
  'fact.connected': ({ address, server, endedMs, reason }, { time }) =>
    `${address} 曾连接到${named(server)}${endedMs === null ? '' : `，${time(endedMs)} 断开`}${reason === null ? '' : `（${quoted(reason)}）`}`,
  'fact.taken-over': ({ by, owner }) => `${by} 从 ${owner} 接管了会话`,
  'fact.ended-here': ({ server }) => `有人用本 Zabra 在 ${server} 上结束了该会话`,
  'fact.counted-anew': ({ lastWrite, close }) =>
    `客户端自己最后一次写入的编号是 ${lastWrite}，closeSession 的编号是 ${close}`,
  'fact.somebody-returned': ({ server }) =>
    `${server === null ? '某台服务器' : `${named(server)} `}被请求继续一个它现在并不持有的会话（connection_revalidate_count）；当时结束的只有这一个`,
  'fact.session-refused': ({ server }) =>
    `${server === null ? '某台服务器' : `${named(server)} `}拒绝了这个已结束的会话`,
  'fact.connection-ended': ({ address }) => `${address} 的连接未经 closeSession 就断开了`,
  'fact.connection-stayed': ({ address }) => `${address} 的连接一直保持到会话结束`,
  'fact.came-back': () => '会话结束后客户端又回来了',
  'fact.hung-up': () => '客户端断开了连接',
  'hidden.connection': () =>
    '它的连接在哪里：没有服务器告知（4lw.commands.whitelist 中没有 cons，也没有内置服务器）。',
  'fact.not-listed': ({ listedMs }, { time }) => `服务器已不再列出该会话；${time(listedMs)} 时仍在列`,
  'hidden.who-closed': () =>
    '是谁结束了它，以及哪些临时节点随之删除：数据目录（--data-dir）或内置服务器的事件流（--admin）会告知。',
  'hidden.late-return': () =>
    '客户端是否在会话结束后回来过：内置服务器的事件流（--admin）或服务器日志（--log）会告知。',
  'hidden.last-heard': () => '最后一次收到客户端消息的时间：只有内置服务器的 leader 会告知。',

  'election.first-start': ({ winner }) => `服务器启动后，选出${named(winner)} 为第一任 leader。`,
  'election.former-unseen': ({ winner }) =>
    `${named(winner)} 当选；Zabra 开始观察时没有 leader，因此没有看到上一任发生了什么。`,
  'election.zxid-rollover': ({ leader, epoch }) =>
    `${named(leader)} 退位，因为 epoch ${epoch} 的 zxid 已用完，必须开始新的 epoch。`,
  'election.leader-removed': ({ leader }) =>
    `${named(leader)} 被 reconfig 移出投票者，其余服务器选出了自己的 leader。`,
  'election.handed-over': ({ leader }) => `reconfig 使${named(leader)} 交出领导权，随后选出了新的 leader。`,
  'election.leader-crashed': ({ leader, winner }) =>
    `leader（${named(leader)}）的进程未经正常停止就结束了，${leader === winner ? '恢复后再次当选' : `其余服务器选出了${named(winner)}`}。`,
  'election.leader-gone': ({ leader, winner }) =>
    `leader（${named(leader)}）的进程已不存在（崩溃、被杀死或被停止），${leader === winner ? '恢复后再次当选' : `其余服务器选出了${named(winner)}`}。`,
  'election.restarted-in-turn': ({ leader, winner }) =>
    `leader（${named(leader)}）被重启，此前不久其他服务器也依次重启过，${leader === winner ? '恢复后再次当选' : `其余服务器选出了${named(winner)}`}。`,
  'election.disk-failed': ({ leader, winner }) =>
    `leader（${named(leader)}）因磁盘故障退出，其余服务器选出了${named(winner)}。`,
  'election.leader-stopped': ({ leader, winner }) =>
    `leader（${named(leader)}）被正常停止，${leader === winner ? '恢复后再次当选' : `其余服务器选出了${named(winner)}`}。`,
  'election.quorum-lost': ({ leader, lost }) =>
    `leader（${named(leader)}）退位，因为${all(lost)} 失联，它不再拥有 quorum。`,
  'election.leader-paused': ({ leader, winner }) =>
    `leader（${named(leader)}）有一段时间没有运行（被暂停，或得不到 CPU），其余服务器放弃了它并选出${named(winner)}。`,
  'election.leader-partitioned': ({ leader, winner }) =>
    `leader（${named(leader)}）仍在运行，但与其他服务器之间的网络中断，它们选出了${named(winner)}。`,
  'election.unknown': ({ leader, winner }) =>
    `${named(winner)} 接替了${named(leader)}，后者前后都在运行；原因无法看到。`,
  'fact.process-started': ({ server }) => `${named(server)} 的进程启动`,
  'fact.process-gone': ({ server }) => `${named(server)} 拒绝连接：它的进程已不存在`,
  'fact.process-restarted': ({ server }) => `${named(server)} 的进程重新启动`,
  'fact.zxids-used-up': () => 'leader 因 zxid 用完而退位',
  'fact.last-zxid': ({ epoch, zxid }) => `epoch ${epoch} 中最后看到的 zxid 是 ${formatZxidHex(zxid)}`,
  'fact.config-changed': () => '集群的配置发生了变化',
  'fact.said': ({ server, reason }) => `${named(server)}：${quoted(reason)}`,
  'fact.looked': ({ server, reason }) => `${named(server)} 开始寻找 leader：${quoted(reason)}`,
  'fact.stood': ({ server, standing }) => `${named(server)} ${STANDINGS[standing]}`,
  'fact.accepted-silently': ({ server, durationMs }, { duration }) =>
    durationMs === null
      ? `${named(server)} 仍接受连接但没有任何应答：它的进程没有运行`
      : `${named(server)} 接受连接，但在 ${duration(durationMs)}内没有任何应答`,
  'fact.stalled': ({ server, durationMs }, { duration }) =>
    `${named(server)} 的进程有 ${duration(durationMs)}没有运行`,
  'fact.leaderless': ({ server, leader }) =>
    `${named(server)} 有应答但没有 leader，而此时${named(leader)} 正领导其余服务器`,
  'fact.still-led': ({ server, winner }) => `${named(winner)} 当选时，${named(server)} 仍自认为是 leader`,
  'fact.leads': ({ server, epoch }) => `${named(server)} 成为 leader，epoch ${epoch}`,
  'fact.zabra-stalled': () => 'Zabra 自身有一段时间没有运行，可能有所遗漏',
  'hidden.how-it-ended': () =>
    '进程是崩溃、被杀死，还是被正常停止：只有内置服务器的事件流（--admin）会告知。',
  'hidden.votes': () => '选票：只有内置服务器和 Apache 服务器的日志（--log）会告知。',

  'election.recorded': ({ cause, leader, winner, betterBy }, { duration }) => {
    const began = STARTS[cause](leader === null ? 'leader' : named(leader));
    if (winner === null) return `${began}；目前还没有 leader。`;
    const inEpoch = winner.epoch === null ? '' : `（epoch ${winner.epoch}）`;
    const why = betterBy === null ? '' : `，因为它在投票者中${BETTER_BY[betterBy]}`;
    return `${began}；${duration(winner.afterMs)}后${named(winner.server)} 成为 leader${inEpoch}${why}。`;
  },
  'fact.process-began': ({ server }) => `${named(server)}：进程刚刚启动`,
  'fact.began-anew': ({ server }) => `${named(server)}：进程重新启动，此前的进程没有说明它要退出`,
  'fact.noticed-late': ({ server }) => `${named(server)}：其他服务器选出另一个 leader 之后它才察觉`,
  'fact.went-on-leading': ({ server }) =>
    `${named(server)}：其他服务器选出另一个 leader 之后它仍以 leader 运行`,
  'fact.last-told': ({ server }) => `${named(server)}：其日志中的最后一条`,
  'fact.candidate': ({ server, epoch, zxid, votes, outcome, betterBy }) => {
    const how =
      outcome === 'won'
        ? `以 ${votes} 票当选`
        : outcome === 'lost' && betterBy !== null
          ? `落选：当选者${BETTER_BY[betterBy]}`
          : '未决';
    return `${named(server)}，epoch ${epoch}，最后的事务 ${formatZxidHex(zxid)}：${how}`;
  },
  'fact.phases': ({ server, leader, electionMs, discoveryMs, synchronizationMs }, { duration }) => {
    const phases = [
      ['选举', electionMs] as const,
      ['发现', discoveryMs] as const,
      ['同步', synchronizationMs] as const,
    ].flatMap(([name, ms]) => (ms === null ? [] : [`${name} ${duration(ms)}`]));
    const role = leader === null ? '成为 leader' : `跟随${named(leader)}`;
    return `${named(server)} ${role}${phases.length === 0 ? '' : `：${phases.join('，')}`}`;
  },
  'fact.brought-level': ({ server, mode, fromZxid, toZxid }) =>
    `${named(server)} 通过 ${mode} 完成同步，从 ${zxidText(fromZxid)} 到 ${zxidText(toZxid)}`,
  'hidden.votes-not-logged': () => '选票：没有日志记录它们，Apache 在 INFO 级别才会记录',
  'hidden.stopped-or-crashed': () => 'leader 是被停止还是崩溃：Apache 被要求退出时不写日志',
  'hidden.server-tells-nothing': ({ server }) => `${named(server)} 发生了什么：它没有留下那段时间的任何记录`,
  'hidden.log-unassigned': ({ file }) => `${file} 由哪台服务器写入：文件中没有说明`,
  'hidden.log-without-times': ({ server }) => `${named(server)} 的日志没有时间`,
  'hidden.clock-unsteady': ({ server }) => `${named(server)} 的时钟被调整过，或走速不同`,
  'hidden.clock-unbounded': ({ server }) => `${named(server)} 的时钟偏差有多大：没有消息可以推断`,

  'server.lost': ({ server, isObserver, atMs, how, reason, backMs }, { time }) => {
    const when = atMs === null ? '在 Zabra 开始观察时就不在' : `于 ${time(atMs)} 失联`;
    const back = backMs === null ? '' : `，${time(backMs)} 恢复`;
    return `${isObserver ? 'observer' : 'follower'} ${server} ${when}：${reason === null ? LOSSES[how] : `它已退出：${quoted(reason)}`}${back}。`;
  },
  'server.cut-off': ({ server, isObserver, leader, backMs }, { time }) =>
    `${isObserver ? 'observer' : 'follower'} ${server} 在运行，但与 leader（${named(leader)}）之间的网络中断：它寻找 leader 而不得${backMs === null ? '' : `，${time(backMs)} 恢复`}。`,
  'server.paused': ({ server, durationMs }, { duration }) =>
    `${named(server)} 的进程${durationMs === null ? '没有在运行' : `有 ${duration(durationMs)}没有运行`}：长时间的垃圾回收、进程被暂停，或机器负载过高。`,
  'server.cannot-stay': ({ server, leader }) =>
    `${named(server)} 能连到 leader（${named(leader)}）却无法跟随：很可能是磁盘已满或出现故障，日志无法写入。`,
  'fact.reaches-leader': ({ server }) => `leader 不断向 ${named(server)} 发送数据，后者反复加入`,
  'hidden.why-it-cannot-stay': ({ server }) => `是什么让它无法跟随：${named(server)} 的日志（--log）会告知。`,
  'server.behind': ({ server, leader }) =>
    `${named(server)} 落后于 leader（${named(leader)}）且没有追上：它返回的是旧数据。`,
  'server.disk-slow': ({ server }) => `${named(server)} 的磁盘很慢：日志落盘耗时过长，每次写入都要等待。`,
  'server.disk-full': ({ server }) => `${named(server)} 的磁盘已满：无法再写日志，服务器将退出。`,
  'server.clock-jump': ({ server, byMs }, formats) =>
    `${named(server)} 的系统时钟跳变了 ${signed(byMs, formats)}：此前与此后的时间（日志和事务中的）无法相互比较。`,
  'server.connection-limit': ({ server, limit }) =>
    `${named(server)} 拒绝新连接：同一地址的连接数已达到 maxClientCnxns${limit === null ? ' ' : `=${limit} `}的上限。`,
  'server.buffer-limit': ({ server, bytes, limit }) =>
    `一条 ${bytes} 字节的消息经过${named(server)}，超过了通常的 jute.maxbuffer（${limit}）：遵守该限制的一方会断开连接、重连并再次请求。`,
  'fact.served-nobody': ({ server, leader }) =>
    `${named(leader)} 领导期间，${named(server)} 有应答但不提供服务`,
  'fact.behind-by': ({ server, count }) => `${named(server)} 至少落后 ${count} 个事务`,
  'fact.bytes-free': ({ bytes }) => `剩余 ${bytes} 字节`,
  'fact.no-space': () => '设备上没有剩余空间（No space left on device）',
  'fact.fsyncs': ({ count, averageMs }, { duration }) => `${count} 次 fsync 平均耗时 ${duration(averageMs)}`,
  'fact.fsync': ({ durationMs }, { duration }) => `一次 fsync 耗时 ${duration(durationMs)}`,
  'fact.transactions-aged': ({ ageMs, possibleMs }, { duration }) =>
    `按它的时钟，有事务到达时已有 ${duration(ageMs)}之久（propagation_latency），而实际不可能超过 ${duration(possibleMs)}`,
  'fact.clock-moved': ({ byMs }, formats) => `它的时钟移动了 ${signed(byMs, formats)}`,
  'fact.log-moved': ({ byMs }, formats) => `其日志中的时间相对于 Zabra 的时钟移动了 ${signed(byMs, formats)}`,
  'fact.date-moved': ({ byMs }, formats) => `它的 Date 相对于 Zabra 的时钟移动了 ${signed(byMs, formats)}`,
  'fact.rejected': ({ count }) => `拒绝了 ${count} 个连接（connection_rejected）`,
  'fact.too-many-connections': () => '来自同一地址的连接过多',
  'fact.ends-connections': ({ server }) => `${named(server)} 立即断开来自本机的每个连接`,
  'fact.largest-response': ({ bytes }) => `max_client_response_size 上升到 ${bytes}`,
  'fact.frame-refused': ({ bytes }) => `拒绝了一个 ${bytes} 字节的帧`,
  'hidden.pause-nature': () => '究竟是其中哪一种：没有服务器会自己告知。',

  'cluster.service-lost': ({ server }) => `唯一的${named(server)} 已失联：没有服务器提供服务。`,
  'cluster.quorum-lost': ({ gone, left, needed }) =>
    `quorum 已丢失：${all(gone)} 失联，${left.length === 0 ? '没有服务器剩下' : `${all(left)} 无法做出任何决定：需要 ${needed} 个投票者`}。`,
  'cluster.leaderless': () =>
    'quorum 已丢失：所有服务器都有应答，但没有一台能找到 leader，说明它们彼此无法连通。',
  'cluster.rolling-restart': ({ servers }) => `所有服务器依次重启，顺序为 ${servers.join('、')}。`,
  'cluster.config-differs': ({ name, values }) =>
    `服务器的配置不一致：${name} 的值${values.map(({ server, value }) => `在${named(server)} 上为 ${value}`).join('，')}。`,
  'cluster.acl-closed': ({ path }) =>
    `再也没有人能修改 ${path} 或它的 ACL：最后一次 setACL 没有把 ADMIN 留给任何人，只有超级用户能补救。`,
  'cluster.acl-lockout': ({ path, admins }) =>
    `客户端被 ${path} 拒之门外：它的 ACL 改为只允许 ${admins.join('、')} 之后，它们的请求都被拒绝。`,
  'cluster.quota-used-up': ({ path, excess }) =>
    `${path} 的硬配额已用完（${excessText(excess)}）：继续写入会被拒绝。`,
  'cluster.quota-exceeded': ({ path, excess }) =>
    `${path} 超出了配额（${excessText(excess)}）：写入不会被拒绝，服务器只会记录日志。`,
  'fact.setting': ({ name, value }) => `${name}=${value}`,
  'fact.acl-set': ({ path, admins }) =>
    `对 ${path} 执行 setACL：拥有 ADMIN 的${admins.length === 0 ? '一个也没有' : `是 ${admins.join('、')}`}`,
  'fact.no-auth': ({ sessions }) => `此后 ${sessions.join('、')} 的请求被拒绝：NOAUTH`,
  'fact.quota-use': ({ path, excess }) => `${path}：${excessText(excess)}`,
  'fact.quota-refused': ({ session }) => `会话 ${session} 的一次写入被拒绝：QUOTAEXCEEDED`,
  'hidden.credentials': ({ admins }) => `是否还有人持有 ${admins.join('、')} 的凭据。`,
};

const STARTS: Readonly<Record<ElectionCause, (leader: string) => string>> = {
  'first-start': () => '服务器刚刚启动',
  'leader-stopped': (leader) => `${leader} 被停止`,
  'leader-crashed': (leader) => `${leader} 的进程已不存在`,
  'leader-paused': (leader) => `${leader} 有一段时间没有运行`,
  'leader-partitioned': (leader) => `${leader} 与跟随它的服务器之间的网络中断`,
  'quorum-lost': (leader) => `${leader} 失去了跟随它的服务器`,
  'zxid-rollover': (leader) => `${leader} 用完了所在 epoch 的事务编号`,
  reconfig: () => 'reconfig 要求更换 leader',
  unknown: (leader) => `${leader} 失联的原因无法看到`,
};

const BETTER_BY: Readonly<Record<VoteField, string>> = {
  peerEpoch: ' epoch 最新',
  zxid: '日志最新',
  leader: '在日志相同者中 server id 最大',
};

const LOSSES = {
  told: '它已退出',
  'not-in-order': '进程未经正常停止就不存在了',
  unseen: '进程已不存在',
} as const;

const STANDINGS: Readonly<Record<Standing, string>> = {
  serving: '正常服务',
  looking: '有应答但没有 leader',
  silent: '接受连接但没有任何应答',
  refused: '拒绝连接：它的进程已不存在',
  unroutable: '无法从 Zabra 连通',
  'hung-up': '立即断开了每个连接',
};

const UNITS: Readonly<Record<NonNullable<Excess>['unit'], string>> = { nodes: '个节点', bytes: '字节' };

const EPHEMERALS_SHOWN = 5;

function named(server: string): string {
  return `服务器 ${server}`;
}

function all(servers: readonly string[]): string {
  return `服务器 ${servers.join('、')}`;
}

function where(address: string | null): string {
  return address === null ? '' : `（${address}）`;
}

function within(timeoutMs: number | null, { duration }: SentenceFormats): string {
  return timeoutMs === null ? '此后' : `在 ${duration(timeoutMs)}的超时时间内`;
}

function removed(ephemerals: readonly string[]): string {
  if (ephemerals.length === 0) return '';
  const shown = ephemerals.slice(0, EPHEMERALS_SHOWN).join('、');
  return `；删除的临时节点：${shown}${ephemerals.length > EPHEMERALS_SHOWN ? '…' : ''}`;
}

function signed(ms: number, { duration }: SentenceFormats): string {
  return `${ms < 0 ? '-' : '+'}${duration(Math.abs(ms))}`;
}

function excessText(excess: Excess): string {
  if (excess === null) return '超出配额';
  return `已用 ${excess.used} ${UNITS[excess.unit]}，上限 ${excess.limit}`;
}

function zxidText(hex: string | null): string {
  return hex === null ? '?' : formatZxidHex(hex);
}

function quoted(reason: string): string {
  return `“${reason}”`;
}
