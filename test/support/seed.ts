// Property tests draw from one named seed, so that a run can be repeated; change it here to look further.
import { configureGlobal } from 'fast-check';

configureGlobal({ seed: 20261121 });
