// All resolvers of schema.graphql, joined from one file a topic.
import GraphQLUpload from 'graphql-upload/GraphQLUpload.mjs';
import { duplicateMutations, duplicateQueries } from './duplicate-resolvers.ts';
import { jobQueries, jobSubscriptions, libraryJobs } from './job-resolvers.ts';
import { imageFields, libraryFields, libraryMutations, libraryQueries } from './library-resolvers.ts';
import { mapFields, mapMutations, mapQueries } from './map-resolvers.ts';
import { pictureFields } from './picture-resolvers.ts';
import { DateTime } from './scalars.ts';
import type { Resolvers } from './schema-types.ts';
import { hitFields, searchQueries } from './search-resolvers.ts';
import { imageTags, tagQueries } from './tag-resolvers.ts';
import { wordMutations, wordQueries } from './word-resolvers.ts';

export const resolvers: Resolvers = {
  DateTime,
  Upload: GraphQLUpload,
  Query: {
    ...searchQueries,
    ...duplicateQueries,
    ...tagQueries,
    ...wordQueries,
    ...libraryQueries,
    ...jobQueries,
    ...mapQueries,
  },
  Mutation: { ...libraryMutations, ...duplicateMutations, ...wordMutations, ...mapMutations },
  Subscription: jobSubscriptions,
  Library: { ...libraryFields, ...libraryJobs },
  PictureMap: mapFields,
  Hit: hitFields,
  Image: { ...imageFields, ...imageTags, ...pictureFields },
};
