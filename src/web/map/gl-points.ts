// Draws the points with WebGL: one buffer of places that stays on the graphics card, and the camera as three numbers, so
// that moving 50,000 points costs what moving one does.
import type { PointLayer, Points } from './point-layer.ts';

const VERTEX = `
attribute vec2 place;
attribute vec3 tint;
attribute float chosen;
uniform vec2 middle;
uniform vec2 factor;
uniform mediump float diameter;
uniform float back;
varying vec4 colour;
void main() {
  gl_Position = vec4((place - middle) * factor, 0.0, 1.0);
  gl_PointSize = diameter * (1.0 + 0.35 * chosen * back);
  colour = vec4(tint, mix(1.0, mix(0.16, 1.0, chosen), back));
}`;

const FRAGMENT = `
precision mediump float;
varying vec4 colour;
uniform float diameter;
void main() {
  float away = length(gl_PointCoord - 0.5) * 2.0;
  float edge = 2.0 / max(diameter, 2.0);
  float cover = 1.0 - smoothstep(1.0 - edge, 1.0, away);
  float alpha = colour.a * cover * 0.85;
  gl_FragColor = vec4(colour.rgb * alpha, alpha);
}`;

/** Undefined where the browser has no WebGL. */
export function makeGlLayer(canvas: HTMLCanvasElement, onRestored: () => void): PointLayer | undefined {
  const gl = canvas.getContext('webgl', { antialias: false, depth: false, powerPreference: 'low-power' });
  if (gl === null) return undefined;
  let points: Points | undefined;
  let program = prepare(gl);

  const onLost = (event: Event) => event.preventDefault();
  const onBack = () => {
    program = prepare(gl);
    if (points !== undefined) fill(gl, program, points);
    onRestored();
  };
  canvas.addEventListener('webglcontextlost', onLost);
  canvas.addEventListener('webglcontextrestored', onBack);

  return {
    kind: 'webgl',
    set(next) {
      points = next;
      fill(gl, program, next);
    },
    draw(camera, size, { ratio, diameter, hasChosen }) {
      const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
      if (canvas.width !== width) canvas.width = width;
      if (canvas.height !== height) canvas.height = height;
      gl.viewport(0, 0, width, height);
      gl.clearColor(0, 0, 0, 0);
      gl.clear(gl.COLOR_BUFFER_BIT);
      if (points === undefined) return;
      gl.uniform2f(program.middle, camera.x, camera.y);
      gl.uniform2f(program.factor, (2 * camera.scale) / size.width, (-2 * camera.scale) / size.height);
      gl.uniform1f(program.diameter, Math.max(1.5, diameter * ratio));
      gl.uniform1f(program.back, hasChosen ? 1 : 0);
      gl.drawArrays(gl.POINTS, 0, points.places.length / 2);
    },
    close() {
      canvas.removeEventListener('webglcontextlost', onLost);
      canvas.removeEventListener('webglcontextrestored', onBack);
    },
  };
}

interface Prepared {
  readonly program: WebGLProgram;
  readonly buffers: { readonly place: WebGLBuffer; readonly tint: WebGLBuffer; readonly chosen: WebGLBuffer };
  readonly middle: WebGLUniformLocation | null;
  readonly factor: WebGLUniformLocation | null;
  readonly diameter: WebGLUniformLocation | null;
  readonly back: WebGLUniformLocation | null;
}

function prepare(gl: WebGLRenderingContext): Prepared {
  const program = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, VERTEX],
    [gl.FRAGMENT_SHADER, FRAGMENT],
  ] as const) {
    const shader = gl.createShader(type);
    if (shader === null) continue;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  gl.useProgram(program);
  gl.enable(gl.BLEND);
  gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  const at = (name: string) => gl.getUniformLocation(program, name);
  return {
    program,
    buffers: { place: gl.createBuffer(), tint: gl.createBuffer(), chosen: gl.createBuffer() },
    middle: at('middle'),
    factor: at('factor'),
    diameter: at('diameter'),
    back: at('back'),
  };
}

function fill(gl: WebGLRenderingContext, { program, buffers }: Prepared, { places, tints, chosen }: Points): void {
  const put = (buffer: WebGLBuffer, name: string, data: Float32Array | Uint8Array, size: number) => {
    const isBytes = data instanceof Uint8Array;
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.bufferData(gl.ARRAY_BUFFER, data, gl.STATIC_DRAW);
    const location = gl.getAttribLocation(program, name);
    gl.enableVertexAttribArray(location);
    gl.vertexAttribPointer(location, size, isBytes ? gl.UNSIGNED_BYTE : gl.FLOAT, name === 'tint', 0, 0);
  };
  put(buffers.place, 'place', places, 2);
  put(buffers.tint, 'tint', tints, 3);
  put(buffers.chosen, 'chosen', chosen, 1);
}
