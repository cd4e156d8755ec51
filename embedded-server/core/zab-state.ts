/** The phases of the Zab paper as ZooKeeper's QuorumPeer.ZabState names them; a server that looks is in ELECTION. */
export type ZabState = 'ELECTION' | 'DISCOVERY' | 'SYNCHRONIZATION' | 'BROADCAST';
