package gpkg

import (
	"context"
	"database/sql/driver"
	"fmt"
	"strings"
	"time"

	"github.com/mattn/go-sqlite3"
)

// The two ways in which a connection is opened. A writer takes the write lock
// when its transaction begins, so that it never has to give up half-way; a reader
// cannot write at all.
const (
	writing = "_txlock=immediate"
	reading = "_txlock=deferred&_query_only=true"
)

// connector opens connections to one file, each with the functions that the
// triggers of the spatial indexes call.
type connector struct {
	driver *sqlite3.SQLiteDriver
	dsn    string
}

var uriPath = strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23")

func newConnector(path, mode string, busy time.Duration) connector {
	return connector{
		driver: &sqlite3.SQLiteDriver{ConnectHook: registerFunctions},
		dsn: fmt.Sprintf("file:%s?%s&_busy_timeout=%d&_foreign_keys=true&_synchronous=FULL",
			uriPath.Replace(path), mode, busy.Milliseconds()),
	}
}

// Connect opens one connection.
func (c connector) Connect(context.Context) (driver.Conn, error) { return c.driver.Open(c.dsn) }

// Driver is the driver under the connector.
func (c connector) Driver() driver.Driver { return c.driver }

// registerFunctions gives a connection the five functions that GeoPackage expects
// of a program that writes to an indexed layer. They answer null for what is no
// geometry.
func registerFunctions(conn *sqlite3.SQLiteConn) error {
	for side, name := range []string{"ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"} {
		if err := conn.RegisterFunc(name, func(value any) any {
			blob, _ := value.([]byte)
			e, empty, err := envelope(blob)
			if empty || err != nil {
				return nil
			}
			return e[side]
		}, true); err != nil {
			return err
		}
	}
	return conn.RegisterFunc("ST_IsEmpty", func(value any) any {
		blob, _ := value.([]byte)
		_, empty, err := envelope(blob)
		if err != nil {
			return nil
		}
		return empty
	}, true)
}
