// What some options may be and are by themselves, for the command line's help. Loads nothing.

export const DUPLICATE_KINDS = ['identical', 'same-photo', 'similar'] as const;

export const HEADS = ['hidden', 'linear'] as const;

/** Of `semblance compare`. */
export const COMPARE_DEFAULTS = {
  metrics: 'cosine,dot,euclidean',
  variants: 'exact,usearch,hnswlib,lsh,int8,binary,pca:64,gaussian:64,sparse:64',
  queries: '300',
  seed: '1',
  k: '10',
  neighbors: '8',
} as const;
