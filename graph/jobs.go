package graph

import (
	"gongshu/graph/model"
	"gongshu/internal/dataset"
	"gongshu/internal/fault"
	"gongshu/internal/job"
)

// refusalsOf are the refusals of a job, as those of a payload.
func refusalsOf(r job.Result) []*fault.Error {
	all := make([]*fault.Error, len(r.Refusals))
	for i, kept := range r.Refusals {
		all[i] = fault.New(fault.Conflict, kept.Code, "%s", kept.Message)
		for name, value := range kept.Params {
			all[i] = all[i].With(name, value)
		}
	}
	return all
}

// rejectsOf are the first places of a file that a job found wrong.
func rejectsOf(r job.Result, first int) []*model.JobReject {
	all := make([]*model.JobReject, min(first, len(r.Rejects)))
	for i := range all {
		at := r.Rejects[i]
		if at.Code == "FILE_NOT_UTF8" { // what was said before other encodings were read
			at.Code = string(dataset.FileEncoding)
		}
		all[i] = &model.JobReject{Row: unlessZero(int(at.Row)), Column: unlessZero(at.Column), Position: unlessZero(at.Position), Code: dataset.Code(at.Code)}
	}
	return all
}
