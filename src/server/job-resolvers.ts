// Work that outlasts a request: looked at once, or followed.
import { toGraphqlError } from './graphql-errors.ts';
import type { LibraryResolvers, QueryResolvers, SubscriptionResolvers } from './schema-types.ts';
import { viewJob } from './view.ts';

export const jobQueries: Pick<QueryResolvers, 'job'> = {
  job(_root, { id }, { services }) {
    const job = services.jobs.find(id);
    return job === undefined ? null : viewJob(job.snapshot());
  },
};

export const libraryJobs: Pick<LibraryResolvers, 'jobs'> = {
  jobs: (_library, _arguments, { services }) => services.jobs.recent().map(viewJob),
};

export const jobSubscriptions: SubscriptionResolvers = {
  jobProgress: {
    async *subscribe(_root, { id }, { services }) {
      try {
        for await (const snapshot of services.jobs.get(id).follow()) yield { jobProgress: viewJob(snapshot) };
      } catch (error) {
        throw toGraphqlError(error);
      }
    },
  },
};
