/**
 * Tells zod not to compile its checks. It would try `new Function` first, which the page's content security policy refuses and
 * reports, although zod catches the error. Must be imported before any schema of shared/api is made.
 */
import { config } from 'zod';

config({ jitless: true });
