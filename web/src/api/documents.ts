import { makeOperation, mapExchange, type Operation } from 'urql';

// The app sends the ids of its documents. The server knows these documents, because both come from one build. Such requests are
// short, the browser can cache queries by their address, and servers that execute only trusted documents accept the requests.

type DocumentNode = Operation['query'];
type WithId = DocumentNode & { documentId?: string };

/** Whether the server is from a different build and lacks the documents of this page. */
let isOtherBuild = false;

/** The id of a document. Undefined in development, where the server has the documents of an older build. */
export function documentId(document: DocumentNode): string | undefined {
  return import.meta.env.DEV || isOtherBuild ? undefined : (document as WithId).documentId;
}

/** Replaces documents with their ids in requests. Earlier exchanges, such as the cache, still see the documents. */
export function byId(idOf = documentId) {
  const idDocuments = new WeakMap<DocumentNode, WithId>();
  const documents = new WeakMap<DocumentNode, DocumentNode>();

  function idDocumentOf(document: DocumentNode): DocumentNode | undefined {
    const id = idOf(document);
    if (id === undefined) return undefined;
    let idDocument = idDocuments.get(document);
    if (!idDocument) {
      // The library sends the id instead of the text if there are no definitions.
      idDocument = { ...document, definitions: [], documentId: id };
      idDocuments.set(document, idDocument);
      documents.set(idDocument, document);
    }
    return idDocument;
  }

  return mapExchange({
    onOperation(operation) {
      const query = idDocumentOf(operation.query);
      if (!query) return operation;
      return makeOperation(operation.kind, { ...operation, query }, { ...operation.context, preferGetMethod: 'within-url-limit' });
    },
    onResult(result) {
      // After this error, the page sends the texts of its documents instead of ids. The query of `live.ts` fails, too. As soon as
      // that query succeeds, `live.ts` sends all queries of the page again.
      isOtherBuild ||= result.error?.graphQLErrors.some((error) => error.extensions.code === 'DOCUMENT_NOT_FOUND') ?? false;
      const query = documents.get(result.operation.query);
      if (!query) return result;
      const { kind, context } = result.operation;
      return { ...result, operation: makeOperation(kind, { ...result.operation, query }, context) };
    },
  });
}
