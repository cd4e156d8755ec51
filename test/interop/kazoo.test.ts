import { describeClient } from './client-suite.ts';
import { kazoo } from './scripted-tools.ts';

describeClient(kazoo);
