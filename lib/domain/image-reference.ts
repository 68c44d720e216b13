const DOMAIN_PART = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?";
const DOMAIN = `(?:${DOMAIN_PART}(?:\\.${DOMAIN_PART})*)(?::[0-9]{1,5})?`;
const PATH_PART = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
const TAG = ":[\\w][\\w.-]{0,127}";
const DIGEST = "@sha256:[0-9a-f]{64}";

/** The reference grammar of OCI images: [domain/]path[:tag][@sha256:digest]. */
const REFERENCE = new RegExp(
  `^(?:${DOMAIN}/)?${PATH_PART}(?:/${PATH_PART})*(?:${TAG})?(?:${DIGEST})?$`,
);

/** Whether a text is a reference to a container image; at most 255 characters, so never an option or a URL. */
export function isImageReference(text: string): boolean {
  return text.length <= 255 && REFERENCE.test(text);
}
