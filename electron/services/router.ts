/**
 * The contract, implemented: each procedure hands on to a service, and every failure of any of them, also within a stream,
 * becomes the contract's FAILURE in the one middleware below.
 */
import { mapEventIterator } from '@orpc/client';
import { implement } from '@orpc/server';
import { contract } from '../../shared/api/contract.ts';
import { toContractError } from './failures.ts';
import type { PageContext } from './page.ts';

const os = implement(contract)
  .$context<PageContext>()
  .use(async ({ next, context, path }) => {
    const explain = (error: unknown): Error =>
      toContractError(error, { log: context.log, procedure: path.join('.') });
    try {
      const result = await next();
      if (!isIterator(result.output)) return result;
      const output = mapEventIterator(result.output, {
        value: async (value: unknown) => value,
        error: async (error: unknown) => explain(error),
      });
      return { ...result, output };
    } catch (error) {
      throw explain(error);
    }
  });

function isIterator(output: unknown): output is AsyncIterator<unknown> {
  return typeof output === 'object' && output !== null && Symbol.asyncIterator in output;
}

const { app, connections, znodes, jobs, watches, sessions, radius, cluster, ensembles, diagnosis, logs } = os;

export const router = os.router({
  app: {
    info: app.info.handler(({ context }) => context.app.info()),
    settings: app.settings.handler(({ context }) => context.app.settings()),
    saveSettings: app.saveSettings.handler(({ context, input }) => context.app.saveSettings(input)),
    drafts: app.drafts.handler(({ context, input }) => context.app.drafts(input.connectionId)),
    saveDraft: app.saveDraft.handler(({ context, input }) => context.app.saveDraft(input)),
    discardDraft: app.discardDraft.handler(({ context, input }) =>
      context.app.discardDraft(input.connectionId, input.path),
    ),
  },
  connections: {
    list: connections.list.handler(({ context }) => context.connections.list()),
    save: connections.save.handler(({ context, input }) => context.connections.save(input)),
    remove: connections.remove.handler(async ({ context, input }) => {
      await context.ensembles.forgetOf(input.connectionId);
      await context.connections.remove(input.connectionId);
    }),
    test: connections.test.handler(({ context, input }) => context.connections.test(input)),
    open: connections.open.handler(({ context, input }) => context.connections.open(input.connectionId)),
    close: connections.close.handler(({ context, input }) => context.connections.close(input.connectionId)),
    statuses: connections.statuses.handler(({ context }) => context.connections.statuses()),
    unlock: connections.unlock.handler(({ context, input }) =>
      context.connections.unlock(input.connectionId, input.minutes),
    ),
    lock: connections.lock.handler(({ context, input }) => context.connections.lock(input.connectionId)),
  },
  znodes: {
    get: znodes.get.handler(({ context, input }) => context.znodes.get(input)),
    children: znodes.children.handler(({ context, input }) => context.znodes.children(input)),
    summaries: znodes.summaries.handler(({ context, input }) => context.znodes.summaries(input)),
    create: znodes.create.handler(({ context, input }) => context.znodes.create(input)),
    setData: znodes.setData.handler(({ context, input }) => context.znodes.setData(input)),
    getAcl: znodes.getAcl.handler(({ context, input }) => context.znodes.getAcl(input)),
    setAcl: znodes.setAcl.handler(({ context, input }) => context.znodes.setAcl(input)),
    remove: znodes.remove.handler(({ context, input }) => context.znodes.remove(input)),
    countSubtree: znodes.countSubtree.handler(({ context, input }) => context.znodes.countSubtree(input)),
    quota: znodes.quota.handler(({ context, input }) => context.znodes.quota(input)),
    digest: znodes.digest.handler(({ context, input }) => context.znodes.digest(input)),
  },
  jobs: {
    startDeleteRecursive: jobs.startDeleteRecursive.handler(({ context, input }) =>
      context.jobs.startDeleteRecursive(input),
    ),
    follow: jobs.follow.handler(({ context, input }) => context.jobs.follow(input.jobId)),
    cancel: jobs.cancel.handler(({ context, input }) => context.jobs.cancel(input.jobId)),
  },
  watches: {
    observe: watches.observe.handler(({ context, input }) =>
      context.watches.observe({ ...input, page: context.page }),
    ),
    changes: watches.changes.handler(({ context, input }) => context.watches.changes(input.connectionId)),
    watchSubtree: watches.watchSubtree.handler(({ context, input }) => context.watches.watchSubtree(input)),
    unwatchSubtree: watches.unwatchSubtree.handler(({ context, input }) =>
      context.watches.unwatchSubtree(input),
    ),
    subtrees: watches.subtrees.handler(({ context, input }) => context.watches.subtrees(input.connectionId)),
    events: watches.events.handler(({ context, input }) => context.watches.events(input.connectionId)),
  },
  sessions: {
    list: sessions.list.handler(({ context, input }) => context.sessions.list(input.connectionId)),
    countWatches: sessions.countWatches.handler(({ context, input }) =>
      context.sessions.countWatches(input.connectionId),
    ),
    watchesOf: sessions.watchesOf.handler(({ context, input }) => context.sessions.watchesOf(input)),
    label: sessions.label.handler(({ context, input }) => context.sessions.label(input)),
    previewEnd: sessions.previewEnd.handler(({ context, input }) => context.sessions.previewEnd(input)),
    end: sessions.end.handler(({ context, input }) => context.sessions.end(input)),
  },
  radius: {
    totals: radius.totals.handler(({ context, input }) => context.radius.totals(input.connectionId)),
    ask: radius.ask.handler(({ context, input }) => context.radius.ask(input)),
  },
  cluster: {
    sample: cluster.sample.handler(({ context, input }) => context.cluster.sample(input.connectionId)),
    history: cluster.history.handler(({ context, input }) => context.cluster.history(input)),
    alerts: cluster.alerts.handler(({ context }) => context.cluster.alerts()),
    quorumConfig: cluster.quorumConfig.handler(({ context, input }) =>
      context.cluster.quorumConfig(input.connectionId),
    ),
  },
  ensembles: {
    defaults: ensembles.defaults.handler(({ context }) => context.ensembles.defaults()),
    create: ensembles.create.handler(({ context, input }) => context.ensembles.create(input)),
    start: ensembles.start.handler(({ context, input }) => context.ensembles.start(input.ensembleId)),
    stop: ensembles.stop.handler(({ context, input }) => context.ensembles.stop(input.ensembleId)),
    restart: ensembles.restart.handler(({ context, input }) => context.ensembles.restart(input.ensembleId)),
    remove: ensembles.remove.handler(({ context, input }) => context.ensembles.remove(input.ensembleId)),
    act: ensembles.act.handler(({ context, input: { ensembleId, sid, action } }) =>
      context.ensembles.act(ensembleId, sid, action),
    ),
    addServer: ensembles.addServer.handler(({ context, input: { ensembleId, role } }) =>
      context.ensembles.addServer(ensembleId, role),
    ),
    removeServer: ensembles.removeServer.handler(({ context, input: { ensembleId, sid } }) =>
      context.ensembles.removeServer(ensembleId, sid),
    ),
    changeConditions: ensembles.changeConditions.handler(
      ({ context, input: { ensembleId, sid, conditions } }) =>
        context.ensembles.changeConditions(ensembleId, sid, conditions),
    ),
    killLeader: ensembles.killLeader.handler(({ context, input }) =>
      context.ensembles.killLeader(input.ensembleId),
    ),
    changeLink: ensembles.changeLink.handler(({ context, input: { ensembleId, ...request } }) =>
      context.ensembles.changeLink(ensembleId, request),
    ),
    partition: ensembles.partition.handler(({ context, input }) =>
      context.ensembles.partition(input.ensembleId, input.groups),
    ),
    healLinks: ensembles.healLinks.handler(({ context, input }) =>
      context.ensembles.healLinks(input.ensembleId),
    ),
    list: ensembles.list.handler(({ context }) => context.ensembles.list()),
    live: ensembles.live.handler(({ context, input }) => context.ensembles.live(input.ensembleId)),
    events: ensembles.events.handler(({ context, input }) => context.ensembles.events(input.ensembleId)),
    log: ensembles.log.handler(({ context, input }) => context.ensembles.log(input.ensembleId)),
  },
  diagnosis: {
    findings: diagnosis.findings.handler(({ context, input }) =>
      context.diagnosis.findings(input.connectionId),
    ),
    elections: diagnosis.elections.handler(({ context, input }) =>
      context.diagnosis.elections(input.connectionId),
    ),
    session: diagnosis.session.handler(({ context, input }) =>
      context.diagnosis.session(input.connectionId, input.sessionId),
    ),
  },
  logs: {
    open: logs.open.handler(({ context, input }) => context.logs.open(input.files, context.page)),
    append: logs.append.handler(({ context, input }) => context.logs.append(input.logsId, input.file, input)),
    read: logs.read.handler(({ context, input }) =>
      context.logs.read(input.logsId, input.sids, input.timeZone),
    ),
    follow: logs.follow.handler(({ context, input }) => context.logs.follow(input.logsId)),
    cancel: logs.cancel.handler(({ context, input }) => context.logs.cancel(input.logsId)),
    close: logs.close.handler(({ context, input }) => context.logs.close(input.logsId)),
  },
});
