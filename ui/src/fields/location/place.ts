export interface Place {
  lat: number | null;
  lng: number | null;
  address: string | null;
}

/** A location's value; empty parts are null. */
export function placeOf(value: unknown): Place {
  const place = (typeof value === "object" && value !== null ? value : {}) as Partial<Place>;
  return { lat: place.lat ?? null, lng: place.lng ?? null, address: place.address ?? null };
}
