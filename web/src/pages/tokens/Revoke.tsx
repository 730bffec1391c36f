import { useEffect, useRef } from 'react';
import { useMutation } from 'urql';
import { useViewer } from '../../api/auth';
import { refetchAll } from '../../api/client';
import type { TokenLineFragment } from '../../api/types.gen';
import { FormFailure } from '../../components/Form';
import { texts } from '../../texts';
import { RevokeTokenDocument } from './Tokens.gen';
import styles from './Tokens.module.css';

/** Asks for confirmation before a token is revoked. */
export function Revoke({ token, onClose }: { token: TokenLineFragment; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const viewer = useViewer();
  const [{ data, fetching, error }, revoke] = useMutation(RevokeTokenDocument);
  useEffect(() => {
    const box = dialog.current;
    box?.showModal();
    return () => box?.close();
  }, []);

  async function submit() {
    const { data } = await revoke({ input: { tokenId: token.id } });
    if (!data?.revokeToken || data.revokeToken.userErrors.length > 0) return;
    refetchAll();
    dialog.current?.close();
  }

  return (
    <dialog ref={dialog} className={styles.dialog} aria-labelledby="revoke" onClose={onClose}>
      <h2 id="revoke">{texts.tokens.revokeTitle(token.name)}</h2>
      <p>{texts.tokens.revokeText}</p>
      {viewer?.name === token.name && (
        <p>
          <strong>{texts.tokens.revokeOwn}</strong>
        </p>
      )}
      <FormFailure error={error} />
      {data?.revokeToken?.userErrors.map(({ message }) => (
        <p key={message} role="alert">
          {message}
        </p>
      ))}
      <p className="actions">
        <button type="button" autoFocus onClick={() => dialog.current?.close()}>
          {texts.tokens.keep}
        </button>
        <button type="button" className={styles.danger} disabled={fetching} onClick={() => void submit()}>
          {texts.tokens.revokeSubmit}
        </button>
      </p>
    </dialog>
  );
}
