/** The services of the shell, made once; page.ts makes them the router's context. */
import type { ForkServer } from '../../embedded-server/launcher/launcher.ts';
import type { Log } from '../log.ts';
import type { Stores } from '../stores/stores.ts';
import { type AppIdentity, AppService } from './app/app-service.ts';
import { AdminAnswers } from './cluster/admin-answers.ts';
import { ClusterService } from './cluster/cluster-service.ts';
import { ClusterWatch } from './cluster/cluster-watch.ts';
import { EnsembleServers } from './cluster/ensemble-servers.ts';
import { HistoryRecorder } from './cluster/history/history-recorder.ts';
import { ServerPolls } from './cluster/server-polls.ts';
import { ServerQuestions } from './cluster/server-questions.ts';
import { ConnectionsService } from './connections/connections-service.ts';
import { DiagnosisService } from './diagnosis/diagnosis-service.ts';
import { EnsemblesService } from './ensembles/ensembles-service.ts';
import { LogsService } from './logs/logs-service.ts';
import { JobsService } from './jobs/jobs-service.ts';
import { RadiusService } from './radius/radius-service.ts';
import { SessionsService } from './sessions/sessions-service.ts';
import { WatchesService } from './watches/watches-service.ts';
import { SeenStats } from './znodes/seen-stats.ts';
import { ZnodesService } from './znodes/znodes-service.ts';

export interface Services {
  readonly app: AppService;
  readonly connections: ConnectionsService;
  readonly znodes: ZnodesService;
  readonly jobs: JobsService;
  readonly watches: WatchesService;
  readonly sessions: SessionsService;
  readonly radius: RadiusService;
  readonly cluster: ClusterWatch;
  readonly ensembles: EnsemblesService;
  readonly diagnosis: DiagnosisService;
  readonly logs: LogsService;
  readonly log: Log;
}

export interface ServicesOptions {
  readonly stores: Stores;
  readonly identity: AppIdentity;
  readonly log: Log;
  readonly forkServer?: ForkServer;
  /** Where the worker that reads logs is, when this code is bundled. */
  readonly logWorker?: string;
}

export function createServices({ stores, identity, log, forkServer, logWorker }: ServicesOptions): Services {
  const questions = new ServerQuestions();
  const connections = new ConnectionsService({ stores, questions, log });
  const servers = new EnsembleServers(connections);
  const polls = new ServerPolls(questions);
  const seen = new SeenStats();
  const ensembles = new EnsemblesService({
    connections,
    questions,
    dataFolder: stores.dataFolder,
    version: identity.version,
    log,
    forkServer,
  });
  const diagnosis = new DiagnosisService({
    connections,
    ensembles,
    servers,
    polls,
    store: stores.diagnosis,
    log,
  });
  const cluster = new ClusterService({
    servers,
    questions,
    admin: new AdminAnswers(),
    findAdminUrl: (connectionId, server) =>
      ensembles.adminUrlOf(connectionId, server) ?? connections.adminUrlOf(connectionId, server),
  });
  return {
    app: new AppService({ stores, identity }),
    connections,
    znodes: new ZnodesService({ connections, seen }),
    jobs: new JobsService({ connections, log }),
    watches: new WatchesService({ connections, seen, log }),
    sessions: new SessionsService({ connections, servers, questions, diagnosis, labels: stores.labels }),
    radius: new RadiusService({ connections, servers, questions, labels: stores.labels }),
    cluster: new ClusterWatch({
      connections,
      servers,
      polls,
      cluster,
      recorder: new HistoryRecorder(stores.history),
      log,
    }),
    ensembles,
    diagnosis,
    logs: new LogsService({ workerFile: logWorker }),
    log,
  };
}

/** Ends sessions and local servers, in this order, so that sessions end in good form. */
export async function stopServices({ jobs, connections, ensembles, logs }: Services): Promise<void> {
  jobs.cancelAll();
  await logs.closeAll();
  await connections.closeAll();
  await ensembles.stopAll();
}
