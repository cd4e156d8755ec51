/** Simplified Chinese: what every failure code means and what to do next. */
import type { failures as english } from '../en/failures.ts';
import type { LocaleOf } from '../locale-of.ts';

export const failures: LocaleOf<typeof english> = {
  code: {
    CONNECTION_UNKNOWN: { what: '该连接已不存在。', next: '它可能已在另一个窗口中被移除。请选择其他连接。' },
    CONNECTION_NOT_OPEN: { what: '该连接尚未打开。', next: '请先打开连接，再重试。' },
    READ_ONLY_PROFILE: {
      what: '没有发送任何请求：此连接设为只读。',
      next: '如需写入，请在连接设置中关闭“只读”，然后重新打开。',
    },
    PRODUCTION_LOCKED: {
      what: '没有发送任何请求：此生产连接已锁定。',
      next: '请在标题栏选择“解锁…”，然后重试。',
    },
    NODE_TOO_LARGE: {
      what: '没有发送任何请求：数据超过服务器单个请求的上限（`jute.maxbuffer`）。',
      next: '请减小此 znode 的数据，或在所有服务器和客户端上调大 `jute.maxbuffer`。',
    },
    LOCAL_SERVER_FAILED: {
      what: '本地集群未能启动，或其服务器自行退出。',
      next: '请在“本地集群”视图中查看日志，然后重新启动。如果再次退出，请复制详细信息并提交 issue。',
    },
    ENSEMBLE_UNKNOWN: {
      what: '这个本地集群已不存在。',
      next: '它已在此窗口或其他窗口中被移除。请选择其他集群。',
    },
    APACHE_MISSING: {
      what: '本机未找到 Java 或 Apache ZooKeeper。',
      next: '请安装 Java 和 ZooKeeper（Debian：`apt-get install zookeeper libslf4j-java default-jre-headless`），指定已解压发行版的文件夹，或使用内置引擎。',
    },
    LEVER_REFUSED: {
      what: '集群在当前状态下不能执行此操作。',
      next: '详细信息说明了原因：服务器运行时才能暂停，停止后才能清空数据。',
    },
    PORT_IN_USE: { what: '该端口已被其他程序占用。', next: '请换一个端口，或结束占用它的程序。' },
    SECRET_STORE: {
      what: '系统密码库拒绝了请求。密码只保存在内存中，Zabra 退出后即丢失。',
      next: '请解锁系统的密钥环，然后重新保存连接。',
    },
    JOB_UNKNOWN: {
      what: '该任务已不存在。',
      next: 'Zabra 可能在此期间重启过。请先查看当前状态，再重新执行。',
    },
    LOGS_UNKNOWN: {
      what: '这些日志文件已关闭。',
      next: 'Zabra 只在本页面保持连接期间保留它们。请重新打开。',
    },
    OWN_SESSION: {
      what: '这是 Zabra 自己的会话。',
      next: '在 Zabra 中关闭对应的连接，它就会结束。',
    },
    SESSION_NOT_ENDED: {
      what: '未能结束该会话：客户端每次都抢先把它接管了回去。',
      next: '会话仍然存活。请重试，或停止该客户端。',
    },
    CANCELLED: { what: '操作已取消。', next: '需要时可重新执行。' },
    BUG: { what: 'Zabra 内部出错。', next: '这不是集群的问题。请复制详细信息并提交 issue，然后重试。' },
    BAD_CONNECT_STRING: {
      what: '连接字符串无法解析。',
      next: '请写成 `host:port`，用逗号分隔：`zk-1:2181,zk-2:2181`。',
    },
    HOST_NOT_FOUND: { what: '找不到该主机名。', next: '请检查拼写；如果是内网域名，请检查 VPN。' },
    CONNECTION_REFUSED: {
      what: '主机可达，但该端口没有程序在监视。',
      next: '请检查端口，并确认服务器正在运行。',
    },
    CONNECTION_TIMEOUT: {
      what: '在规定时间内没有响应。',
      next: '通常是防火墙丢弃了数据包，或服务器过载。请检查网络，或调大超时。',
    },
    CONNECTION_CLOSED: {
      what: '服务器关闭了连接。',
      next: '它可能正在重启、失去了 quorum，或已达到 `maxClientCnxns`。请查看“集群”。',
    },
    SERVER_BEHIND: {
      what: '服务器拒绝了该会话，因为它的数据比该会话已看到的更旧。',
      next: '如果它重启后丢失了数据，请打开新会话；如果只是落后，追上后会接受该会话。',
    },
    NETWORK_UNREACHABLE: { what: '本机没有到该服务器的路由。', next: '请检查网络和 VPN。' },
    NOT_ZOOKEEPER: {
      what: '该端口有响应，但不是 ZooKeeper 协议。',
      next: '请检查端口：客户端通常用 2181;2888 和 3888 用于服务器之间，8080 是 AdminServer。TLS 端口也会出现此现象。',
    },
    NOT_CONNECTED: { what: '当前没有连接到服务器。', next: 'Zabra 会持续重试。你看到的是最后已知的状态。' },
    CLIENT_CLOSED: { what: '该连接已关闭。', next: '请重新打开。' },
    OUTSTANDING_LIMIT: { what: '等待该服务器响应的请求过多。', next: '请等它处理完积压的请求，再重试。' },
    TRUNCATED: {
      what: '服务器发送的数据比它声明的少。',
      next: '连接已关闭。请确认该地址是 ZooKeeper 服务器。',
    },
    BAD_LENGTH: {
      what: '服务器声明了不可能的长度。',
      next: '连接已关闭。请确认该地址是 ZooKeeper 的客户端端口。',
    },
    FRAME_TOO_LARGE: { what: '响应超过了此连接的上限。', next: '请在此连接的高级设置中调大“最大响应”。' },
    TRAILING_BYTES: {
      what: '服务器发送的数据超出协议规定。',
      next: '它可能是 Zabra 尚不支持的新版本。请复制详细信息并提交 issue。',
    },
    BAD_VALUE: { what: '存在不符合协议的值。', next: '请复制详细信息并连同服务器版本提交 issue。' },
    UNEXPECTED_XID: { what: '服务器应答了未发出的请求。', next: '连接已关闭，将重新建立。' },
    BAD_PATH: {
      what: '这不是 ZooKeeper 接受的路径。',
      next: '路径以 / 开头，不以 / 结尾，不含空名称，也不能以“.”或“..”作为名称。',
    },
    CORRUPT: { what: 'Zabra 的某个文件已损坏。', next: '详细信息中有文件名。请将它移走后重新启动 Zabra。' },
    DISK_FULL: { what: '磁盘已满。', next: '请释放一些空间，再重试。' },
    IO: { what: '文件读写失败。', next: '请检查目录权限和磁盘。' },
    LOCKED: { what: '该文件正被另一个 Zabra 使用。', next: '请先关闭另一个 Zabra。' },
    SYSTEMERROR: { what: '服务器报告内部错误。', next: '请查看该服务器的日志。' },
    RUNTIMEINCONSISTENCY: { what: '服务器发现运行状态不一致。', next: '写入之前，请先查看该服务器的日志。' },
    DATAINCONSISTENCY: {
      what: '服务器发现数据不一致。',
      next: '请不要写入。先查看该服务器的日志，并与其他服务器对比。',
    },
    CONNECTIONLOSS: {
      what: '收到应答之前连接中断。',
      next: '读操作可以直接重试。写操作可能已生效，也可能没有：再次写入前请先查看该 znode。',
    },
    MARSHALLINGERROR: {
      what: '服务器无法解析该请求。',
      next: '请求可能超过服务器的 `jute.maxbuffer`。否则请复制详细信息并提交 issue。',
    },
    UNIMPLEMENTED: {
      what: '该服务器不支持此操作。',
      next: '它的版本过旧，或已关闭该功能。状态栏和“集群”中可以看到版本。',
    },
    OPERATIONTIMEOUT: {
      what: '操作超时。',
      next: '请重试；如果持续如此，请在“集群”中查看延迟和积压的请求。',
    },
    BADARGUMENTS: {
      what: '服务器拒绝了这些参数。',
      next: '请检查路径；使用递归监视或 TTL 时，请确认服务器支持。',
    },
    UNKNOWNSESSION: { what: '服务器不认识该会话。', next: '请打开新会话。' },
    NEWCONFIGNOQUORUM: {
      what: '新配置中没有已同步的 quorum。',
      next: '请等待其中的服务器同步完成，再重试。',
    },
    RECONFIGINPROGRESS: { what: '另一个重新配置正在进行。', next: '请等它结束。' },
    APIERROR: { what: '服务器报告接口错误。', next: '请查看该服务器的日志。' },
    NONODE: { what: '该 znode 不存在。', next: '它或它的父节点已被删除，或从未创建。请刷新树。' },
    NOAUTH: {
      what: 'ACL 不允许此操作。',
      next: '你的身份在此处缺少权限。请在连接设置的“认证”中换用有权限的身份，或联系管理员。',
    },
    BADVERSION: { what: '没有保存：该 znode 在你读取之后已被修改。', next: '请先查看它的当前内容，再决定。' },
    NOCHILDRENFOREPHEMERALS: {
      what: '临时节点不能有子节点。',
      next: '请在其他位置创建，或将父节点改为持久节点。',
    },
    NODEEXISTS: { what: '同名的 znode 已存在。', next: '请换一个名称，或修改已有的节点。' },
    NOTEMPTY: { what: '该 znode 还有子节点。', next: '请先删除子节点，或使用递归删除。' },
    SESSIONEXPIRED: { what: '会话已过期，它的临时节点和监视都已消失。', next: '请打开新会话。' },
    INVALIDCALLBACK: { what: '服务器报告无效的回调。', next: '请复制详细信息并提交 issue。' },
    INVALIDACL: {
      what: '服务器拒绝了该 ACL。',
      next: '至少需要一个条目，且每个条目的 scheme 须为服务器支持，id 须符合该 scheme 的格式。',
    },
    AUTHFAILED: {
      what: '服务器拒绝了认证。',
      next: '请在连接设置中检查用户名和密码，并确认服务器启用了该 scheme。',
    },
    SESSIONMOVED: { what: '会话已迁移到另一台服务器。', next: '请重试，Zabra 会跟随它。' },
    NOTREADONLY: {
      what: '该服务器当前只提供读服务：它已失去 quorum。',
      next: '请等待集群重新选出 leader；“集群”中可以看到各服务器的状态。',
    },
    EPHEMERALONLOCALSESSION: {
      what: '本地会话不能创建临时节点。',
      next: '服务器启用了本地会话，但未启用升级（`localSessionsUpgradingEnabled`）。',
    },
    NOWATCHER: { what: '没有这个监视。', next: '它已触发，或已被移除。' },
    REQUESTTIMEOUT: {
      what: '服务器未能在规定时间内完成请求。',
      next: '请重试；“集群”中可以看到延迟和积压的请求。',
    },
    RECONFIGDISABLED: {
      what: '该集群已关闭重新配置。',
      next: '请在每台服务器的 `zoo.cfg` 中设置 `reconfigEnabled=true`。',
    },
    SESSIONCLOSEDREQUIRESASLAUTH: {
      what: '服务器只接受通过 SASL 认证的会话，已关闭此会话。',
      next: 'Zabra 尚不支持 SASL。请使用不强制 SASL 的服务器。',
    },
    QUOTAEXCEEDED: {
      what: '没有写入：该路径上级的硬配额已用尽。',
      next: '请删除其下的部分数据，或调大配额。',
    },
    THROTTLEDOP: { what: '服务器过载，拒绝了该请求。', next: '请稍候再试。' },
  },
  at: {
    path: '路径 {{path}}',
    server: '服务器 {{server}}',
    pathOnServer: '路径 {{path}}，服务器 {{server}}',
  },
};
