// Sounds an alarm where the viewer has asked for it; browsers allow no sound before a press.

const EVERY_MS = 1500;
const PRESSES = ["pointerdown", "keydown"];

export class Beeper {
  /**
   * `button` switches the sound; it is off at first. With `remember`, a name, it is as it was when this browser left;
   * `hint` is shown while the browser waits for a press.
   */
  constructor(button, { remember = "", hint = null } = {}) {
    this._button = button;
    this._key = remember && `passerby-sound-${remember}`;
    this._hint = hint;
    this._context = null;
    this._timer = 0;
    this._wanted = false;
    button.hidden = false;
    button.addEventListener("click", () => this._switch(!this.isOn));
    if (this._key && localStorage.getItem(this._key) === "on") this._begin();
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
    this._press(on);
    if (this._key) localStorage.setItem(this._key, on ? "on" : "off");
    if (on) this._beep(); // so that it is known how loud it is
    this._follow();
  }

  /** As it was remembered; without a press here the browser may keep still. */
  _begin() {
    this._press(true);
    const { state } = this._context;
    if (state === "running" || !this._hint) return;
    this._hint.hidden = false;
    const resume = () => {
      this._context.resume();
      this._hint.hidden = true;
      for (const press of PRESSES) removeEventListener(press, resume);
    };
    for (const press of PRESSES) addEventListener(press, resume);
  }

  _press(on) {
    this._button.setAttribute("aria-pressed", String(on));
    if (!on) return;
    this._context ??= new AudioContext();
    this._context.resume();
  }

  _follow() {
    const sounds = this._wanted && this.isOn;
    if (sounds === Boolean(this._timer)) return;
    clearInterval(this._timer);
    this._timer = sounds ? setInterval(() => this._beep(), EVERY_MS) : 0;
    if (sounds) this._beep();
  }

  _beep() {
    if (this._context.state !== "running" && this._wanted && this._hint) return; // what is late would sound all at once
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
