/* A number that is turned up and down, written as it was: an integer stays one, 2/9 becomes 3/9, 0.50 becomes 0.51. */

const TENTHS = 10; // the finest ticks are a tenth of a unit

export class Dial {
  constructor(text) {
    const plain = text.replaceAll("−", "-").replace("≈", "").trim();
    const fraction = /^(-?\d+)\/([1-9]\d*)$/.exec(plain);
    const [, digits, exponent] = /^-?\d*\.?(\d*)(?:e([-+]?\d+))?$/i.exec(plain) ?? [];
    this.digits = fraction ? 0 : Math.min(Math.max((digits?.length ?? 0) - Number(exponent ?? 0), 0), 12);
    this.below = fraction ? Number(fraction[2]) : null;
    const value = fraction ? Number(fraction[1]) : Number(plain) * 10 ** this.digits;
    this.tenths = Math.round((Number.isFinite(value) ? value : 0) * TENTHS);
  }

  /* Turn by so many ticks of one unit, of ten (`factor` 10), or of a tenth (0.1). */
  turn(ticks, factor = 1) {
    this.tenths += ticks * Math.round(factor * TENTHS);
    return this.text;
  }

  get text() {
    if (this.tenths === 0) return "0";
    if (this.below === null) return trimmed((this.tenths / (TENTHS * 10 ** this.digits)).toFixed(this.digits + 1));
    const isWhole = this.tenths % TENTHS === 0;
    return isWhole ? `${this.tenths / TENTHS}/${this.below}` : `${this.tenths}/${this.below * TENTHS}`;
  }
}

const trimmed = (text) => text.replace(/\.?0+$/, "");

/* As pictures write it. */
export const asWritten = (text) => text.replace("-", "−");
