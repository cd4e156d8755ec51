import { describeClient } from './client-suite.ts';
import { zkCli } from './zkcli-client.ts';

describeClient(zkCli);
