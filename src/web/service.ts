// Hands the one GraphQL client down to whatever component asks.
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Send } from './graphql-client.ts';

export const ServiceContext = createContext<Send>(() => Promise.reject(new Error('no service was given')));

export function useService(): Send {
  return useContext(ServiceContext);
}
