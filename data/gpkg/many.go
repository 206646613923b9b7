package gpkg

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"strings"
)

// statementValues is how many values one statement brings.
const statementValues = 32_000

// insertMany adds rows, each behind its place, to a table of the connection that is width
// columns wide, many with each statement.
func insertMany(ctx context.Context, conn *sql.Conn, table string, width int, rows [][]any, places []int) error {
	return conn.Raw(func(raw any) error {
		w := manyWriter{conn: raw.(driver.ConnPrepareContext), into: `INSERT INTO ` + table + ` VALUES `, width: width}
		defer w.close()
		each := max(1, statementValues/w.width)
		for from := 0; from < len(rows); from += each {
			if err := ctx.Err(); err != nil {
				return err
			}
			end := min(from+each, len(rows))
			w.args = w.args[:0]
			for i := from; i < end; i++ {
				w.bind(int64(places[i]))
				for _, v := range rows[i] {
					w.bind(v)
				}
			}
			if err := w.insert(end - from); err != nil {
				return err
			}
		}
		return nil
	})
}

// manyWriter keeps the statement for some number of rows as long as that number stays.
type manyWriter struct {
	conn  driver.ConnPrepareContext
	into  string
	width int
	args  []driver.NamedValue
	rows  int
	stmt  driver.Stmt
}

func (w *manyWriter) bind(v any) {
	w.args = append(w.args, driver.NamedValue{Ordinal: len(w.args) + 1, Value: v})
}

// insert runs the statement with the values that were bound. Statements that can be
// cancelled cost a goroutine each; the caller sees to the context.
func (w *manyWriter) insert(rows int) (err error) {
	if rows != w.rows {
		w.close()
		one := "(" + strings.Repeat("?,", w.width-1) + "?),"
		w.stmt, err = w.conn.PrepareContext(context.Background(), w.into+strings.TrimSuffix(strings.Repeat(one, rows), ","))
		if err != nil {
			return err
		}
		w.rows = rows
	}
	_, err = w.stmt.(driver.StmtExecContext).ExecContext(context.Background(), w.args)
	return err
}

func (w *manyWriter) close() {
	if w.stmt != nil {
		w.stmt.Close()
		w.stmt = nil
	}
}
