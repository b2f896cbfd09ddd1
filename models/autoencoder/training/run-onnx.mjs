// Runs an ONNX file on float32 pictures in the runtime that serves it; writes the first output to stdout as float32.
// node run-onnx.mjs FILE.onnx PICTURES.f32 N,3,SIDE,SIDE
import { readFile } from 'node:fs/promises';
import { argv, stdout } from 'node:process';
import { InferenceSession, Tensor } from 'onnxruntime-node';

const [, , file, pictures, sides] = argv;
const values = new Float32Array(new Uint8Array(await readFile(pictures)).buffer);
const session = await InferenceSession.create(await readFile(file), { intraOpNumThreads: 1 });
const feeds = { [session.inputNames[0]]: new Tensor('float32', values, sides.split(',').map(Number)) };
const { data } = (await session.run(feeds))[session.outputNames[0]];
stdout.write(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
