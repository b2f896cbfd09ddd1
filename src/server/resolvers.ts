// All resolvers of schema.graphql, joined from one file a topic.
import GraphQLUpload from 'graphql-upload/GraphQLUpload.mjs';
import { jobQueries, jobSubscriptions } from './job-resolvers.ts';
import { imageFields, libraryFields, libraryMutations, libraryQueries } from './library-resolvers.ts';
import { DateTime } from './scalars.ts';
import type { Resolvers } from './schema-types.ts';
import { searchQueries } from './search-resolvers.ts';
import { imageTags, tagQueries } from './tag-resolvers.ts';

export const resolvers: Resolvers = {
  DateTime,
  Upload: GraphQLUpload,
  Query: { ...searchQueries, ...tagQueries, ...libraryQueries, ...jobQueries },
  Mutation: { ...libraryMutations },
  Subscription: jobSubscriptions,
  Library: libraryFields,
  Image: { ...imageFields, ...imageTags },
};
