package api

import (
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
)

// routes is the table of all that the server answers.
func (s *Server) routes() *echo.Echo {
	e := echo.New()
	e.HTTPErrorHandler = s.answerError
	e.Use(s.recoverPanic, s.logRequest, s.guard, s.follow, middleware.BodyLimit(bodyLimit),
		middleware.GzipWithConfig(middleware.GzipConfig{Level: 5, MinLength: 1024, Skipper: incompressible}))

	e.GET("/healthz", s.healthz)
	e.GET("/readyz", s.readyz)

	e.GET("/api/v1/station", s.getStation)
	e.GET("/api/v1/people", s.listPeople)
	e.GET("/api/v1/locate", s.locateOne)
	e.POST("/api/v1/locate", s.locateMany)
	e.GET("/api/v1/collections/:name/items", s.listItems)
	e.POST("/api/v1/incidents", s.createIncident)
	e.GET("/api/v1/incidents", s.listIncidents)
	e.GET("/api/v1/incidents/:id", s.getIncident)
	e.POST("/api/v1/incidents/:id/transitions", s.advanceIncident)
	e.GET("/api/v1/incidents/:id/history", s.getHistory)
	e.GET("/api/v1/incidents/:id/units", s.listNearest)
	e.POST("/api/v1/drafts", s.createDraft)
	e.GET("/api/v1/drafts/:id", s.getDraft)
	e.PATCH("/api/v1/drafts/:id", s.editDraft)
	e.POST("/api/v1/drafts/:id/publish", s.publishDraft)
	e.POST("/api/v1/patrol-plans", s.createPlan)
	e.POST("/api/v1/imports", s.createImport)
	e.POST("/api/v1/coverage", s.createMatch)
	e.GET("/api/v1/jobs", s.listJobs)
	e.GET("/api/v1/jobs/:id", s.getJob)
	e.DELETE("/api/v1/jobs/:id", s.cancelJob)
	e.POST("/api/v1/jobs/:id/retry", s.retryJob)
	e.GET("/api/v1/events", s.streamEvents)

	e.GET("/fonts/:face", s.getFonts)
	e.GET("/", s.getPage)
	e.GET("/*", s.getAsset)
	return e
}
