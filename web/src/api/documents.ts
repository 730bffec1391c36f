import { makeOperation, mapExchange, type Operation } from 'urql';

// The server knows the app's documents by id, from the build. So requests are short, those of queries have an address that
// the browser's cache can keep, and servers that execute nothing else execute these.

type DocumentNode = Operation['query'];
type WithId = DocumentNode & { documentId?: string };

/** Whether the server is of another build than this page, and so knows other documents. */
let isOtherBuild = false;

/** The id by which the server knows a document. While the app is developed, it knows an older build's. */
export function documentId(document: DocumentNode): string | undefined {
  return import.meta.env.DEV || isOtherBuild ? undefined : (document as WithId).documentId;
}

/** Sends the ids of documents in their place. The exchanges before it, such as the cache, work with the documents. */
export function byId(idOf = documentId) {
  /** What is sent for each document, and what that stands for. */
  const idDocuments = new WeakMap<DocumentNode, WithId>();
  const documents = new WeakMap<DocumentNode, DocumentNode>();

  function idDocumentOf(document: DocumentNode): DocumentNode | undefined {
    const id = idOf(document);
    if (id === undefined) return undefined;
    let idDocument = idDocuments.get(document);
    if (!idDocument) {
      // Without definitions, the library sends the id.
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
      // From now on this page sends texts. What failed is asked again with the change log, which is lost for a moment.
      isOtherBuild ||= result.error?.graphQLErrors.some((error) => error.extensions.code === 'DOCUMENT_NOT_FOUND') ?? false;
      const query = documents.get(result.operation.query);
      if (!query) return result;
      const { kind, context } = result.operation;
      return { ...result, operation: makeOperation(kind, { ...result.operation, query }, context) };
    },
  });
}
