module efd.local/pause

go 1.21
