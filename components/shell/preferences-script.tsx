/** Runs before the first paint, so the page never flashes in the other theme or with the navigation unfolded. */
const SCRIPT = `try{for(const name of ["theme","nav"]){const value=localStorage.getItem(name);if(value)document.documentElement.dataset[name]=value}}catch{}`;

/** Needs the nonce of this response: the content security policy forbids other inline scripts. */
export function PreferencesScript({ nonce }: { nonce: string | undefined }) {
  return (
    <script
      nonce={nonce}
      suppressHydrationWarning // Browsers hide the nonce of an element once it is in the page.
      // biome-ignore lint/security/noDangerouslySetInnerHtml: a constant of this file; as a text child it would be escaped.
      dangerouslySetInnerHTML={{ __html: SCRIPT }}
    />
  );
}
