/**
 * The metrics of Apache's `mntr` that the embedded server leaves out, and why. It shows nothing that it does not measure, so
 * a monitor sees a missing key instead of a 0 that means nothing.
 */

/** Reasons in the order in which they are tried on a key. */
export const ABSENT_METRICS: readonly (readonly [pattern: RegExp, why: string])[] = [
  [/^zk_(avg|min|max|cnt|sum)_jvm_/, 'there is no JVM'],
  [/_netty_/, 'there is no Netty'],
  [/^zk_(p50|p95|p99|p999)_/, 'percentiles are not kept'],
  [/learner|follower|observer|leader|leading|looking|election|unavailable_time/, 'there is no quorum in it'],
  [
    /quorum|proposal|propagation|revalidate|inflight|om_commit|(diff|snap|commit)_count$/,
    'there is no quorum in it',
  ],
  [
    /unsuccessful_handshake|tls_handshake|ensemble_auth|insecure_admin/,
    'there is no TLS and no ensemble scheme in it',
  ],
  [/dbinittime/, 'making and filling a database is one step'],
  [
    /commit_?proc|commit_process|committed_time|request_commit|session_queue|issued|reads_after_write|write_batch/,
    'it has no commit processor: one thread does everything',
  ],
  [
    /(prep|sync)_process|(read|write)_final_proc|close_session_prep|outstanding_changes|server_write/,
    'its stages have no queues between them',
  ],
  [/throttle|stale_re|connection_token_deficit|large_requests/, 'it does not throttle'],
  [/dead_watcher/, 'its watch table needs no cleaner'],
  [/response_packet/, 'it has no cache of responses'],
  [/per_namespace$/, 'namespaces are not counted'],
  [/node_\w+_watch_count$|watch_bytes$|response_bytes$/, 'not counted'],
  [/socket_closing|cnxn_closed_without|unrecoverable_error/, 'such a thing ends or is not there at all'],
];

/** Why `key` is not there; undefined when nobody has said. */
export function whyAbsent(key: string): string | undefined {
  return ABSENT_METRICS.find(([pattern]) => pattern.test(key))?.[1];
}
