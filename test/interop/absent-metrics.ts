/**
 * The metrics of Apache's `mntr` that the embedded server leaves out, and why. It shows nothing that it does not measure, so
 * a monitor sees a missing key instead of a 0 that means nothing.
 */

/** Reasons in the order in which they are tried on a key. */
export const ABSENT_METRICS: readonly (readonly [pattern: RegExp, why: string])[] = [
  [/^zk_\w+_jvm_/, 'there is no JVM'],
  [/_netty_/, 'there is no Netty'],
  [
    /unsuccessful_handshake|tls_handshake|ensemble_auth|insecure_admin/,
    'there is no TLS and no ensemble scheme in it',
  ],
  [/dbinittime/, 'making and filling a database is one step'],
  [/_om_/, 'no follower of it serves observers'],
  [/learner_handler/, 'what it sends its learners waits in no queue of its own, but in their sockets'],
  [/quit_leading_due_to_disloyal_voter/, 'it has no such check: followers leave, and then it gives up'],
  [/inflight_(diff|snap)_count/, 'it does not limit how many learners synchronise at a time'],
  [
    /commit_?proc|commit_process|committed_time|request_commit|session_queue|issued|reads_after_write|write_batch/,
    'it has no commit processor: one thread does everything',
  ],
  [
    /proposal_process_time|prep_process|(prep|sync)_processor_(queue|request)|sync_process_time|(read|write)_final_proc|close_session_prep|outstanding_changes|server_write|learner_request|skip_learner/,
    'its stages have no queues between them',
  ],
  [/throttle|stale_re|connection_token_deficit|large_requests/, 'it does not throttle'],
  [/dead_watcher/, 'its watch table needs no cleaner'],
  [/response_packet/, 'it has no cache of responses'],
  [/per_namespace$/, 'namespaces are not counted'],
  [/socket_closing|unrecoverable_error/, 'such a thing ends or is not there at all'],
  [
    /^zk_proposal_count$|looking_count|(diff|snap|commit|revalidate)_count$|learner_\w+_received|cnxn_closed_without/,
    'only a member of an ensemble has it',
  ],
  [
    /(unavailable|election|follower_sync|observer_sync)_time$|(quorum_ack|commit_propagation|proposal_ack_creation|proposal)_latency$/,
    'only a member of an ensemble has it',
  ],
];

/** Why `key` is not there; undefined when nobody has said. */
export function whyAbsent(key: string): string | undefined {
  return ABSENT_METRICS.find(([pattern]) => pattern.test(key))?.[1];
}
