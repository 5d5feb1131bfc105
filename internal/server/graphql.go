package server

import (
	"context"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2/ast"

	"gongshu/graph"
	"gongshu/graph/generated"
	"gongshu/graph/records"
	"gongshu/internal/access"
	"gongshu/internal/server/graphqlhttp"
	"gongshu/internal/server/limits"
)

// graphql serves the schema: by the project's transport, within limits, with fresh loaders; what is public and asked for alone
// from records, which the keeper that it returns keeps, read from the database or from memory.
func (s *Server) graphql() (http.Handler, *records.Keeper, error) {
	resolver := &graph.Resolver{Store: s.Market.Store, Market: s.Market, Sessions: s.sessions, Origin: s.Origin, Feed: s.feed}
	schema := generated.NewExecutableSchema(generated.Config{Resolvers: resolver})
	keeper, err := graph.Records(s.Market)
	if err != nil {
		return nil, nil, err
	}
	var source records.Source = s.Market.Store
	if s.InMemory {
		s.memory = records.NewMemory(s.Market.Store, keeper.Shape)
		s.metrics.holding(s.memory.Held)
		source = s.memory
	}
	exec := s.executor(records.Wrap(schema, keeper.Shape, graph.ReadRoots(resolver, keeper.Shape, source), keeper.Maker, limits.Default.Answer, s.metrics.recorded), schema.Schema())
	return graphqlhttp.New(exec, schema.Schema(), graphqlhttp.Options{SchemaIsOpen: s.schemaIsOpen, Spend: s.spend, Observe: s.observeOperation, IsJSON: records.Answer}), keeper, nil
}

// executor executes a schema with fresh loaders.
func (s *Server) executor(executable graphql.ExecutableSchema, schema *ast.Schema) *executor.Executor {
	exec := executor.New(executable)
	exec.SetErrorPresenter(graphqlhttp.Present(s.Log))
	exec.SetRecoverFunc(graphqlhttp.Recover)
	exec.AroundFields(graph.Legible(schema))
	exec.AroundOperations(func(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
		return next(graph.WithLoaders(ctx, s.Market.Store))
	})
	exec.AroundResponses(func(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
		// What is refused before it is an operation comes here too.
		if graphql.HasOperationContext(ctx) && isSubscription(graphql.GetOperationContext(ctx).Operation) {
			// Nor is what an earlier event of the same stream read.
			ctx = graph.WithLoaders(ctx, s.Market.Store)
		}
		return next(ctx)
	})
	exec.AroundRootFields(func(ctx context.Context, next graphql.RootResolver) graphql.Marshaler {
		if graphql.GetOperationContext(ctx).Operation.Operation == ast.Mutation {
			// What an earlier mutation of the same operation read is not what is there now.
			ctx = graph.WithLoaders(ctx, s.Market.Store)
		}
		return next(ctx)
	})
	return exec
}

// isSubscription reports whether an operation is one; there may be none.
func isSubscription(op *ast.OperationDefinition) bool {
	return op != nil && op.Operation == ast.Subscription
}

// schemaIsOpen reports whether the schema may be asked for: by everybody while developing, else by who is signed in.
func (s *Server) schemaIsOpen(ctx context.Context) bool {
	return s.Development || access.FromContext(ctx).SignedIn()
}
