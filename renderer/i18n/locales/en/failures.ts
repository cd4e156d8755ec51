/**
 * English: what every failure code means and what to do next. A sentence says what happened; the notice around it
 * names the path and the server.
 */
export const failures = {
  code: {
    CONNECTION_UNKNOWN: {
      what: 'This connection no longer exists.',
      next: 'It was removed, perhaps in another window. Choose another connection.',
    },
    CONNECTION_NOT_OPEN: { what: 'This connection is not open.', next: 'Open it, then try again.' },
    READ_ONLY_PROFILE: {
      what: 'Nothing was sent: this connection is set to read-only.',
      next: 'To write, turn off “Read-only” in its settings and open it again.',
    },
    PRODUCTION_LOCKED: {
      what: 'Nothing was sent: this production connection is locked.',
      next: 'Choose “Unlock…” in the title bar, then try again.',
    },
    NODE_TOO_LARGE: {
      what: 'Nothing was sent: the data is larger than the server takes in one request (`jute.maxbuffer`).',
      next: 'Store less in this znode, or raise `jute.maxbuffer` on every server and client.',
    },
    LOCAL_SERVER_FAILED: {
      what: 'The local ensemble did not start, or its servers stopped by themselves.',
      next: 'Read its log in Ensembles and start it again. If it stops again, copy the details into an issue.',
    },
    ENSEMBLE_UNKNOWN: {
      what: 'This local ensemble is not there any more.',
      next: 'It was removed, here or in another window. Choose another one.',
    },
    APACHE_MISSING: {
      what: 'Java or Apache ZooKeeper was not found on this machine.',
      next: 'Install Java and ZooKeeper (on Debian: `apt-get install zookeeper libslf4j-java default-jre-headless`), name the folder of an unpacked distribution, or use the builtin engine.',
    },
    LEVER_REFUSED: {
      what: 'That cannot be done to the ensemble as it is now.',
      next: 'The details say why: a server must run to be paused, and be stopped to be wiped.',
    },
    PORT_IN_USE: {
      what: 'Another program has this port.',
      next: 'Choose another port, or end the program that has it.',
    },
    SECRET_STORE: {
      what: 'The system’s password store refused. The password is kept in memory until Zabra ends.',
      next: 'Unlock the system’s key ring and save the connection again.',
    },
    JOB_UNKNOWN: {
      what: 'This job is no longer known.',
      next: 'Zabra was probably restarted meanwhile. Look at what is there now, then start it again.',
    },
    LOGS_UNKNOWN: {
      what: 'These log files are closed.',
      next: 'Zabra keeps them only as long as this page is connected. Open them again.',
    },
    OWN_SESSION: {
      what: 'This is a session of Zabra itself.',
      next: 'It ends when you close its connection in Zabra.',
    },
    SESSION_NOT_ENDED: {
      what: 'The session could not be ended: its client took it back each time.',
      next: 'It lives on. Try again, or stop the client.',
    },
    CANCELLED: { what: 'This was cancelled.', next: 'Start it again when you want to.' },
    BUG: {
      what: 'Zabra made a mistake.',
      next: 'Nothing is wrong with your cluster. Copy the details into an issue, and try again.',
    },
    BAD_CONNECT_STRING: {
      what: 'The connection string cannot be read.',
      next: 'Write `host:port`, separated by commas: `zk-1:2181,zk-2:2181`.',
    },
    HOST_NOT_FOUND: {
      what: 'No host has this name.',
      next: 'Check the spelling; for names of a private network, check the VPN.',
    },
    CONNECTION_REFUSED: {
      what: 'The host answers, but nothing listens on this port.',
      next: 'Check the port, and that the server runs.',
    },
    CONNECTION_TIMEOUT: {
      what: 'No answer in time.',
      next: 'Usually a firewall that drops packets, or the server is overloaded. Check the network, or raise the timeout.',
    },
    CONNECTION_CLOSED: {
      what: 'The server closed the connection.',
      next: 'It may be restarting, be without a quorum, or have reached `maxClientCnxns`. Look at Cluster.',
    },
    SERVER_BEHIND: {
      what: 'The server refuses this session, because it knows less than the session has seen.',
      next: 'Was it restarted without its data? Then open a new session. A server that only lags behind takes it once it has caught up.',
    },
    NETWORK_UNREACHABLE: {
      what: 'This machine has no route to the server.',
      next: 'Check the network and the VPN.',
    },
    NOT_ZOOKEEPER: {
      what: 'Something answers on this port, but it does not speak ZooKeeper’s protocol.',
      next: 'Check the port: 2181 is usual for clients; 2888 and 3888 are between servers, 8080 is the AdminServer. A TLS port looks like this too.',
    },
    NOT_CONNECTED: {
      what: 'There is no connection to a server now.',
      next: 'Zabra keeps trying. What you see is the last known state.',
    },
    CLIENT_CLOSED: { what: 'This connection was closed.', next: 'Open it again.' },
    OUTSTANDING_LIMIT: {
      what: 'Too many requests are waiting for this server.',
      next: 'Wait until it catches up, then try again.',
    },
    TRUNCATED: {
      what: 'The server sent less than it announced.',
      next: 'The connection was closed. Check that the address is a ZooKeeper server.',
    },
    BAD_LENGTH: {
      what: 'The server announced an impossible length.',
      next: 'The connection was closed. Check that the address is a ZooKeeper client port.',
    },
    FRAME_TOO_LARGE: {
      what: 'The reply is larger than this connection takes.',
      next: 'Raise “Largest reply” in the advanced settings of this connection.',
    },
    TRAILING_BYTES: {
      what: 'The server sent more than the protocol allows.',
      next: 'It may be a newer version than Zabra knows. Copy the details into an issue.',
    },
    BAD_VALUE: {
      what: 'A value is not what the protocol allows.',
      next: 'Copy the details into an issue, with the version of the server.',
    },
    UNEXPECTED_XID: {
      what: 'The server answered a request that was not asked.',
      next: 'The connection was closed and is opened again.',
    },
    BAD_PATH: {
      what: 'This is not a path that ZooKeeper takes.',
      next: 'A path begins with /, does not end with /, has no empty name and no “.” or “..” as a name.',
    },
    CORRUPT: {
      what: 'A file of Zabra is damaged.',
      next: 'The details name it. Move it away and start Zabra again.',
    },
    DISK_FULL: { what: 'The disk is full.', next: 'Free some space, then try again.' },
    IO: {
      what: 'A file could not be read or written.',
      next: 'Check the folder’s permissions and the disk.',
    },
    LOCKED: { what: 'Another Zabra has this file.', next: 'Close the other one first.' },
    SYSTEMERROR: { what: 'The server reports an internal error.', next: 'Look into that server’s log.' },
    RUNTIMEINCONSISTENCY: {
      what: 'The server found its state inconsistent.',
      next: 'Look into that server’s log before you write anything.',
    },
    DATAINCONSISTENCY: {
      what: 'The server found its data inconsistent.',
      next: 'Do not write. Look into that server’s log and compare it with the others.',
    },
    CONNECTIONLOSS: {
      what: 'The connection was lost before the answer came.',
      next: 'A read can simply be repeated. A write may have been applied or not: look at the znode before you write again.',
    },
    MARSHALLINGERROR: {
      what: 'The server could not read the request.',
      next: 'It may be larger than the server’s `jute.maxbuffer`. Otherwise copy the details into an issue.',
    },
    UNIMPLEMENTED: {
      what: 'This server does not know the operation.',
      next: 'It is too old for it, or has it switched off. Status and Cluster show its version.',
    },
    OPERATIONTIMEOUT: {
      what: 'The operation took too long.',
      next: 'Try again; if it stays so, look at Cluster for latency and outstanding requests.',
    },
    BADARGUMENTS: {
      what: 'The server refuses these arguments.',
      next: 'Check the path, and for a recursive watch or TTL that the server supports it.',
    },
    UNKNOWNSESSION: { what: 'The server does not know this session.', next: 'Open a new session.' },
    NEWCONFIGNOQUORUM: {
      what: 'The new configuration has no quorum that is up to date.',
      next: 'Wait until its servers have caught up, then try again.',
    },
    RECONFIGINPROGRESS: { what: 'Another reconfiguration is under way.', next: 'Wait until it has ended.' },
    APIERROR: { what: 'The server reports an error of its interface.', next: 'Look into that server’s log.' },
    NONODE: {
      what: 'This znode does not exist.',
      next: 'It, or its parent, was deleted or never created. Refresh the tree.',
    },
    NOAUTH: {
      what: 'The ACL does not allow this.',
      next: 'Your identities lack a permission here. Sign in as somebody who has it (connection settings, Auth), or ask an administrator.',
    },
    BADVERSION: {
      what: 'Nothing was saved: the znode has changed since you read it.',
      next: 'Look at what it is now, then decide again.',
    },
    NOCHILDRENFOREPHEMERALS: {
      what: 'An ephemeral znode cannot have children.',
      next: 'Create it elsewhere, or make the parent persistent.',
    },
    NODEEXISTS: {
      what: 'A znode with this name exists already.',
      next: 'Choose another name, or change the existing one.',
    },
    NOTEMPTY: { what: 'This znode has children.', next: 'Delete them first, or delete recursively.' },
    SESSIONEXPIRED: {
      what: 'The session has expired; its ephemeral znodes and watches are gone.',
      next: 'Open a new session.',
    },
    INVALIDCALLBACK: {
      what: 'The server reports an invalid callback.',
      next: 'Copy the details into an issue.',
    },
    INVALIDACL: {
      what: 'The server refuses this ACL.',
      next: 'It needs at least one entry, each with a scheme that the server knows and an id in that scheme’s form.',
    },
    AUTHFAILED: {
      what: 'The server refused the authentication.',
      next: 'Check user and password in the connection’s settings, and that the server has this scheme switched on.',
    },
    SESSIONMOVED: { what: 'The session has moved to another server.', next: 'Try again; Zabra follows it.' },
    NOTREADONLY: {
      what: 'This server serves reads only now: it has lost its quorum.',
      next: 'Wait until the ensemble has a leader again; Cluster shows who is there.',
    },
    EPHEMERALONLOCALSESSION: {
      what: 'A local session cannot create ephemeral znodes.',
      next: 'The servers have local sessions without upgrade (`localSessionsUpgradingEnabled`).',
    },
    NOWATCHER: { what: 'There is no such watch.', next: 'It has fired already, or was removed.' },
    REQUESTTIMEOUT: {
      what: 'The server did not finish the request in time.',
      next: 'Try again; Cluster shows its latency and outstanding requests.',
    },
    RECONFIGDISABLED: {
      what: 'Reconfiguration is switched off on this ensemble.',
      next: 'Set `reconfigEnabled=true` in `zoo.cfg` of every server.',
    },
    SESSIONCLOSEDREQUIRESASLAUTH: {
      what: 'The server takes only sessions that signed in by SASL, and closed this one.',
      next: 'Zabra cannot sign in by SASL yet. Use a server that does not demand it.',
    },
    QUOTAEXCEEDED: {
      what: 'Nothing was written: a hard quota above this path is used up.',
      next: 'Delete something below it, or raise the quota.',
    },
    THROTTLEDOP: {
      what: 'The server is overloaded and turned this request away.',
      next: 'Wait a little, then try again.',
    },
  },
  at: {
    path: 'at {{path}}',
    server: 'on {{server}}',
    pathOnServer: 'at {{path}} on {{server}}',
  },
} as const;
