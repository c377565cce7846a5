// Sounds an alarm where the viewer has asked for it; browsers allow no sound before a press.

const EVERY_MS = 1500;

export class Beeper {
  /** `button` switches the sound; it is off at first. */
  constructor(button) {
    this._button = button;
    this._context = null;
    this._timer = 0;
    this._wanted = false;
    button.addEventListener("click", () => this._switch(button.getAttribute("aria-pressed") !== "true"));
  }

  get isOn() {
    return this._button.getAttribute("aria-pressed") === "true";
  }

  /** Whether there is something to sound for. */
  sound(wanted) {
    this._wanted = wanted;
    this._follow();
  }

  _switch(on) {
    this._button.setAttribute("aria-pressed", String(on));
    if (on) {
      this._context ??= new AudioContext();
      this._context.resume();
      this._beep(); // so that it is known how loud it is
    }
    this._follow();
  }

  _follow() {
    const sounds = this._wanted && this.isOn;
    if (sounds === Boolean(this._timer)) return;
    clearInterval(this._timer);
    this._timer = sounds ? setInterval(() => this._beep(), EVERY_MS) : 0;
    if (sounds) this._beep();
  }

  _beep() {
    const start = this._context.currentTime;
    for (const [after, pitch] of [[0, 880], [0.22, 660]]) {
      const tone = new OscillatorNode(this._context, { frequency: pitch, type: "square" });
      const volume = new GainNode(this._context, { gain: 0.15 });
      tone.connect(volume).connect(this._context.destination);
      tone.start(start + after);
      tone.stop(start + after + 0.18);
    }
  }
}
