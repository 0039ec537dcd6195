/** Tells those who listen; one who throws does not keep the others from it. */
export class Signal<T = void> {
  readonly #listeners = new Set<(value: T) => void>();

  /** Returns what ends it. */
  on(listener: (value: T) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(value: T): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(value);
      } catch (error) {
        reportError(error);
      }
    }
  }
}
