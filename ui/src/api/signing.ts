/** The paper that stands for a signature: scanned or drawn; `vouched` is one that somebody answers for. */
export interface Signature {
  id: string;
  method: "scan" | "drawn";
  state: "signed" | "unsigned" | "vouched";
  signer: string;
  reason: string;
  at: string;
  file: { id: string; name: string; url: string };
}

/** A link to sign by, told once; `qr` is its code as SVG. */
export interface SignatureLink {
  url: string;
  qr: string;
  until: string;
}

/** Of which record something is due first. */
export interface Due {
  object: string;
  id: string;
}
