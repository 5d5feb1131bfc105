package server

import (
	"context"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/ast"

	"gongshu/graph"
	"gongshu/graph/generated"
	"gongshu/internal/server/graphqlhttp"
	"gongshu/internal/server/limits"
	"gongshu/internal/store"
)

// graphql serves the schema: by the project's transport, within limits, with fresh loaders.
func (s *Server) graphql() http.Handler {
	exec := executor.New(generated.NewExecutableSchema(generated.Config{
		Resolvers: &graph.Resolver{Store: s.Market.Store, Market: s.Market, Sessions: s.sessions},
	}))
	exec.SetErrorPresenter(graphqlhttp.Present(s.Log))
	exec.SetRecoverFunc(graphqlhttp.Recover)
	exec.SetQueryCache(documents{lru.New[*ast.QueryDocument](cachedDocuments)})
	exec.Use(extension.Introspection{}) // the schema is public
	exec.Use(limits.Default)
	exec.AroundOperations(func(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
		return next(graph.WithLoaders(ctx, s.Market.Store))
	})
	exec.AroundRootFields(func(ctx context.Context, next graphql.RootResolver) graphql.Marshaler {
		if graphql.GetOperationContext(ctx).Operation.Operation == ast.Mutation {
			// What an earlier mutation of the same operation read is not what is there now.
			ctx = graph.WithLoaders(ctx, s.Market.Store)
		}
		return next(ctx)
	})
	served := graphqlhttp.New(exec, graphqlhttp.Options{Observe: s.observeOperation})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), operationTime)
		defer cancel()
		ctx, statements := store.CountStatements(ctx)
		if e := entryOf(ctx); e != nil {
			e.statements = statements
		}
		served.ServeHTTP(w, r.WithContext(ctx))
	})
}

// What is kept of documents that were parsed and validated: enough for the clients there are, and no more memory
// than a stranger may take who sends ever new ones.
const (
	cachedDocuments = 128
	maxCachedBytes  = 8 << 10
)

// documents is the cache of valid documents by their text.
type documents struct {
	graphql.Cache[*ast.QueryDocument]
}

// Add keeps a document unless it is a long one.
func (d documents) Add(ctx context.Context, text string, document *ast.QueryDocument) {
	if len(text) <= maxCachedBytes {
		d.Cache.Add(ctx, text, document)
	}
}
