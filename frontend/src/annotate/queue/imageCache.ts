import type { Assignment } from "@/annotate/server";

/** `url`: a copy in memory; `width`, `height`: of the image itself, whatever the copy's size. */
export interface Image {
  readonly url: string;
  /** Where its exact pixels are, for who looks closer. */
  readonly exactUrl: string;
  readonly width: number;
  readonly height: number;
}

/** An item's images in memory: by letter, and by id what is shown beside. `null`: one that could not be fetched or decoded. */
export type Images = Readonly<Record<string, Image | null>>;

interface Deps {
  load: (assignment: Assignment) => Promise<Images>;
  /** Frees the memory of images that are not needed any more. */
  unload: (images: Images) => void;
}

/** Images of answered items kept for an undo that shows at once. */
const KEPT = 6;

/** The images of the items at hand, decoded. */
export class ImageCache {
  /** An item whose images stay, whatever else is forgotten. */
  pinned: string | null = null;
  private readonly images = new Map<string, Images>();

  constructor(private readonly deps: Deps) {}

  of(id: string): Images | null {
    return this.images.get(id) ?? null;
  }

  isWhole(id: string): boolean {
    const images = this.of(id);
    return images !== null && Object.values(images).every((image) => image !== null);
  }

  async load(assignment: Assignment): Promise<Images> {
    const images = await this.deps.load(assignment);
    this.forget(assignment.id);
    this.images.set(assignment.id, images);
    return images;
  }

  /** Of the others, the newest few stay. */
  forgetAllBut(ids: readonly string[]): void {
    const live = new Set([...ids, this.pinned]);
    const old = [...this.images.keys()].filter((id) => !live.has(id));
    for (const id of old.slice(0, Math.max(0, old.length - KEPT))) this.forget(id);
  }

  clear(): void {
    for (const id of [...this.images.keys()]) this.forget(id);
  }

  private forget(id: string): void {
    const images = this.images.get(id);
    if (images) this.deps.unload(images);
    this.images.delete(id);
  }
}
