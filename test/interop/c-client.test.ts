import { describeClient } from './client-suite.ts';
import { cClient } from './scripted-tools.ts';

describeClient(cClient);
