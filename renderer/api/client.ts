/** The typed client of the contract, and its react-query twin. Queries hold what streams and watches invalidate. */
import { createORPCClient } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import { createTanstackQueryUtils } from '@orpc/tanstack-query';
import { QueryClient } from '@tanstack/react-query';
import type { Contract } from '../../shared/api/contract.ts';
import { failureOf } from './failure.ts';
import { link, useLink } from './link.ts';

export type Client = ContractRouterClient<Contract>;

export const client: Client = createORPCClient(link);

/** `api.znodes.get.queryOptions({ input })`, `api.znodes.key()`, … */
export const api = createTanstackQueryUtils(client);

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // Watches say when something changed; a focused window is no news.
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      staleTime: Infinity,
      networkMode: 'always',
      retry: (count, error) => count < 2 && failureOf(error).retryable,
      retryDelay: (count) => 300 * 2 ** count,
    },
    mutations: { networkMode: 'always', retry: false },
  },
});

// A new wire may lead to a restarted shell: nothing read before it can be trusted.
useLink.subscribe((state, before) => {
  if (state.generation > 1 && state.generation !== before.generation) void queryClient.invalidateQueries();
});
